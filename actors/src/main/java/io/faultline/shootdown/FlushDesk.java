package io.faultline.shootdown;

import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;

import io.faultline.cost.Operation;
import io.faultline.flush.FlushCommand;
import io.faultline.flush.FlushLog;
import io.faultline.flush.FlushRequest;
import io.faultline.flush.Initiator;
import io.faultline.flush.InitiatorPort;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * The initiator part of the policy on one CPU, where the calls of its thread ask for flushes. Every call of the part goes
 * through {@link #run}, which adds up what it cost. Not thread-safe: the CPU's actor owns it.
 */
final class FlushDesk implements InitiatorPort {
    private static final long NO_TICKET = Long.MIN_VALUE;

    private final Machine machine;
    private final int cpu;
    private final ActorRef<CpuActor.Command> self;
    private final CpuCore core;
    private final AddressWindows windows;
    private final Initiator initiator;
    private final Map<Long, Held> unreleased = new LinkedHashMap<>();
    private final ArrayDeque<FlushCommand> broadcast = new ArrayDeque<>();
    private int incomplete;
    private long lastRequest;
    /** Of the present call of the initiator, so far. */
    private long costNanos;
    private long batchTicket = NO_TICKET;
    private int sentOfBatch;

    /** What waits for a request's release. */
    private record Held(FlushRequest request, AppMemory.Found found, long window) {}

    FlushDesk(Machine machine, int cpu, ActorRef<CpuActor.Command> self, CpuCore core, AddressWindows windows) {
        this.machine = machine;
        this.cpu = cpu;
        this.self = self;
        this.core = core;
        this.windows = windows;
        this.initiator = machine.policy().initiator(cpu, machine.domain(), this);
    }

    /** Entries of a range are about to change. */
    void changeBegins() {
        machine.domain().space(AppMemory.ASID).changeBegins();
    }

    /**
     * Asks for the flush of a change.
     *
     * @param window to be given back at the release, or -1
     * @return what the calling thread does about it before it waits
     */
    long request(MemoryCall call, long start, int pages, AppMemory.Found found, long window) {
        long id = ++lastRequest;
        FlushRequest request = FlushRequest.of(id, AppMemory.ASID, call.kind(), start, AppMemory.end(start, pages))
                .operation(id)
                .cpu(cpu)
                .direction(call.direction())
                .pagesPresent(found.present())
                .pagesAccessed(found.accessed())
                .pagesWritable(found.writable())
                .framesFreed(found.freed())
                .changed(found.sequence(), machine.nanos())
                .build();
        unreleased.put(id, new Held(request, found, window));
        machine.quarantine().begins(request, found.freed());
        incomplete++;
        machine.world().trace(TraceKinds.CHANGED, cpu, start);
        return run(() -> {
            initiator.request(request);
            initiator.operationEnds(id); // A call that flushes more often is as many operations.
        });
    }

    long acknowledged(int who, long ticket) {
        return run(() -> initiator.acknowledged(who, ticket));
    }

    long timer(long timer) {
        return run(() -> initiator.timer(timer));
    }

    /** The hardware has done what was broadcast before the sync. */
    long synced(long ticket) {
        dropBroadcast();
        return run(() -> initiator.synced(ticket));
    }

    private void dropBroadcast() {
        broadcast.forEach(machine::dropEverywhere);
        broadcast.clear();
    }

    /** The thread is about to sleep. */
    long departing() {
        return run(initiator::departing);
    }

    /** The thread needs what has waited for its release for longest. */
    long wantReuse() {
        var oldest = unreleased.values().iterator().next().request();
        return run(() -> initiator.reuseWanted(oldest));
    }

    long drain() {
        return run(initiator::drain);
    }

    boolean isComplete() {
        return incomplete == 0;
    }

    private long run(Runnable call) {
        costNanos = 0;
        batchTicket = NO_TICKET;
        long loggedBefore = logged();
        call.run();
        return costNanos + (logged() - loggedBefore) * machine.cost(Operation.LOG_APPEND);
    }

    /** How much this initiator has written into its logs, if the policy has any. */
    private long logged() {
        long logged = 0;
        for (FlushLog log : machine.domain().initiatorLogs()) {
            logged += log.owner() == cpu ? log.tail() : 0;
        }
        return logged;
    }

    private void countBatch(FlushCommand command) {
        if (command.ticket() != batchTicket) {
            batchTicket = command.ticket();
            sentOfBatch = 0;
            costNanos += machine.cost(Operation.FLUSH_CALL);
        }
    }

    @Override
    public void sendIpi(int to, FlushCommand command) {
        countBatch(command);
        if (!machine.interrupts().add(to, command)) {
            machine.statistics().ipiMerged();
            // The other CPU's queue, which somebody else wrote to last, and its answer.
            costNanos += 2 * machine.cost(Operation.LINE_FAR);
            return;
        }
        costNanos += sentOfBatch++ == 0 ? 0 : machine.cost(Operation.IPI_TARGET);
        costNanos += machine.isFar(cpu, to) ? machine.cost(Operation.IPI_FAR) : 0;
        machine.world()
                .deliverAfter(costNanos + machine.cost(Operation.IPI), machine.actor(to), CpuActor.Signal.INTERRUPT);
    }

    @Override
    public void flushSelf(int own, FlushCommand command) {
        countBatch(command);
        costNanos += core.flushSelf(command, costNanos);
    }

    @Override
    public void broadcast(FlushCommand command) {
        costNanos += machine.cost(Operation.FLUSH_CALL) + machine.cost(Operation.BROADCAST);
        broadcast.add(command);
    }

    @Override
    public void sync(long ticket) {
        costNanos += machine.cost(Operation.SYNC);
        machine.world().deliverAfter(costNanos, self, new CpuActor.Synced(ticket));
    }

    @Override
    public boolean setFlag(int to, int expected, int flags) {
        return machine.domain().words().compareAndSetFlags(to, expected, flags);
    }

    @Override
    public void setTimer(long delayNanos, long timer) {
        machine.world().deliverAfter(delayNanos, self, new CpuActor.TimerDue(timer));
    }

    @Override
    public void settled(FlushRequest request) {
        // The statistics and the oracle, which stand between, have heard of it.
    }

    @Override
    public void complete(FlushRequest request) {
        incomplete--;
    }

    @Override
    public void release(FlushRequest request) {
        Held held = unreleased.remove(request.id());
        if (held == null) {
            throw new IllegalStateException(
                    "policy " + machine.policy().name() + " releases what it has released: " + request);
        }
        machine.memory().endQuarantine(held.found());
        machine.quarantine().ends(request, held.found().freed());
        if (held.window() >= 0) {
            windows.giveBack(held.window());
        }
    }
}
