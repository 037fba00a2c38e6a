package io.faultline.actors;

import java.util.ArrayDeque;
import java.util.function.Consumer;

import io.faultline.cost.Operation;
import io.faultline.flush.FlushCommand;
import io.faultline.flush.PendingInterrupts;
import io.faultline.userfault.FaultKind;
import io.faultline.workload.AccessSequence;
import io.faultline.world.Lane;
import io.faultline.world.LaneFailure;
import io.faultline.world.LaneOperation;
import io.faultline.world.Outbox;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;

/**
 * Executes accesses: its part of the workload, or those it is told one by one. A TLB hit goes on; a miss walks the page
 * tables; what is not present or not permitted is a fault, and it halts until it is resumed. It has a CPU of its own
 * inside it, which answers interrupts also while the vCPU is halted.
 *
 * <p>
 * Bounded by: nothing sends to it but what it waits for, one interrupt a flush, and the accesses it was asked for one by
 * one, which wait here and are as many as their caller asks for. Supervision: it stops when it throws, and the machine
 * with it, because a vCPU's state cannot be made again.
 */
public final class VCpu extends SwitchActor<VCpu.Command> {
    /** The protocol. */
    public sealed interface Command {}

    /** Begin the accesses of a workload; the machine is told {@link VirtualMachine.VCpuFinished} at their end. */
    public record Start(AccessSequence accesses) implements Command {}

    /** Make one access, after those asked for before; {@code done} is called when it is made, or failed. */
    public record Access(long gpa, boolean write, Consumer<AccessResult> done) implements Command {}

    /**
     * Run on: the page is there, or will never be.
     *
     * @param failed
     *            whether the access ends in an error instead of being tried again
     */
    public record Resume(int memslot, FaultKind kind, boolean failed, long forwardedNanos, long handledNanos,
            long fetchedNanos, long installedNanos) implements Command {}

    /** An inter-processor interrupt for this vCPU's CPU: do what waits for it ({@link PendingInterrupts}). */
    enum Interrupt implements Command {
        INSTANCE
    }

    /** A broadcast invalidation reaches this vCPU's CPU. */
    record Invalidate(FlushCommand command, long broadcast) implements Command {}

    /** A memslot died: whoever waited for it gets an error, and nobody who has asked its successor already. */
    public record MemslotReplaced(int memslot) implements Command {}

    /** Begin no further access of the workload. */
    public enum Stop implements Command {
        INSTANCE
    }

    private enum Continue implements Command {
        INSTANCE
    }

    /** The next access of the workload is due. */
    private enum Arrived implements Command {
        NOW
    }

    private enum State {
        IDLE, RUNNING, HALTED
    }

    /** Accesses between two looks at the mailbox: few enough that an interrupt does not wait long. */
    private static final int SLICE_ACCESSES = 32;
    private static final int ACCESSES_PER_CLOCK_READ = 4;
    private static final long NOT_READ = Long.MIN_VALUE;
    /** Slices between two chances for what comes from outside the actors. */
    private static final int SLICES_MASK = 15;
    /** The same where accesses take time: a slice ends before anything else is due, so few are that long. */
    private static final int TIMED_SLICE_ACCESSES = 1024;

    private final MachineParts parts;
    private final int index;
    private final ActorRef<Command> self;
    private final Lane lane;
    private final GuestCpu cpu;
    private final VcpuTime time;
    private final LaneOperation slice;
    private @Nullable AccessSequence accesses;
    private @Nullable ArrayDeque<Access> asked;
    private State state = State.IDLE;
    private int slices;
    private long sliceNanos = NOT_READ;
    private boolean accessPending;
    private long page;
    private boolean write;
    private long offset;
    private @Nullable Access current;
    /** Whom the fault it is halted on was told. */
    private @Nullable ActorRef<Memslot.Command> toldMemslot;
    private long raisedNanos;
    private boolean arrivalScheduled;
    private long askedNanos;

    static Behavior<Command> create(MachineParts parts, int index) {
        return Behaviors.setup(context -> {
            try {
                return new VCpu(parts, index, context.getSelf());
            } catch (RuntimeException | AssertionError failure) {
                parts.machine().tell(new VirtualMachine.VCpuFailed(index, failure));
                throw failure;
            }
        });
    }

    private VCpu(MachineParts parts, int index, ActorRef<Command> self) {
        this.parts = parts;
        this.index = index;
        this.self = self;
        this.lane = parts.world().lane("vcpu-" + index, self);
        this.time = new VcpuTime(parts, index);
        this.slice = time.standsStill() ? this::runSlice : this::runTimedSlice;
        this.slices = index; // in step, thousands of vCPUs would let others run all at once and then not for long
        this.cpu = new GuestCpu(parts, index);
    }

    @Override
    protected Behavior<Command> onCommand(Command command) {
        try {
            perform(command);
        } catch (RuntimeException | AssertionError failure) {
            // Told rather than watched: a machine may have a million of these.
            parts.machine().tell(new VirtualMachine.VCpuFailed(index, failure));
            throw failure;
        }
        return this;
    }

    private void perform(Command command) {
        switch (command) {
            case Resume resume -> onResume(resume);
            case Continue _ -> lane.run(slice);
            case Interrupt _ -> lane.run(cpu::interrupt);
            case Invalidate invalidate -> onInvalidate(invalidate);
            case Start start -> onStart(start);
            case Access access -> onAccess(access);
            case Arrived _ -> onArrived();
            case MemslotReplaced replaced -> onMemslotReplaced(replaced.memslot());
            case Stop _ -> onStop();
        }
    }

    @Override
    protected Behavior<Command> onLaneFailure(LaneFailure failure) {
        IllegalStateException thrown = failure.asException();
        parts.machine().tell(new VirtualMachine.VCpuFailed(index, thrown));
        throw thrown;
    }

    @Override
    protected void onStopped() {
        lane.abandon();
    }

    private void onStop() {
        if (accesses != null) {
            accesses = NoAccesses.INSTANCE;
            onArrived(); // what waits for its next access to be due need not
        }
    }

    private void onArrived() {
        arrivalScheduled = false;
        runUnlessHalted();
    }

    private void onInvalidate(Invalidate invalidate) {
        cpu.invalidated(invalidate.command());
        parts.shootdown().tell(new TlbShootdown.Invalidated(invalidate.broadcast()));
    }

    private void onStart(Start start) {
        if (accesses != null) {
            throw new IllegalStateException("vCPU " + index + " runs a workload already");
        }
        accesses = start.accesses();
        time.begin();
        runUnlessHalted();
    }

    private void onAccess(Access access) {
        ArrayDeque<Access> queue = asked;
        if (queue == null) {
            queue = new ArrayDeque<>();
            asked = queue;
        }
        queue.add(access);
        runUnlessHalted();
    }

    private void runUnlessHalted() {
        if (state == State.IDLE) {
            state = State.RUNNING;
            lane.run(slice);
        }
    }

    private long runSlice(Outbox out) {
        if (state != State.RUNNING) {
            return 0;
        }
        if ((++slices & SLICES_MASK) == 0) {
            parts.world().letOthersRun();
        }
        VcpuShard shard = parts.shards().mine();
        for (int made = 0; made < SLICE_ACCESSES; made++) {
            boolean isRetry = accessPending;
            if (!isRetry && !nextAccess(out)) {
                state = State.IDLE;
                return 0;
            }
            if (isOutsideMemory()) {
                failOutsideMemory();
            } else if (cpu.access(page, offset, write, isRetry, shard)) {
                endAccess(false);
            } else {
                halt(made, shard, out);
                return 0;
            }
        }
        out.tell(self, Continue.INSTANCE);
        return 0;
    }

    /** A slice where accesses take time: it ends before anything else is due, which may be an interrupt for this CPU. */
    private long runTimedSlice(Outbox out) {
        long endNanos = parts.world().sliceEndNanos();
        for (int made = 0; made < TIMED_SLICE_ACCESSES && state == State.RUNNING; made++) {
            if (made > 0 && time.now() >= endNanos) {
                break;
            }
            makeTimedAccess(out);
        }
        if (state == State.RUNNING) {
            out.tell(self, Continue.INSTANCE);
        }
        parts.gauges().sliceOverrunNanos.record(time.now() - endNanos);
        return time.take();
    }

    private void makeTimedAccess(Outbox out) {
        VcpuShard shard = parts.shards().mine();
        boolean isRetry = accessPending;
        if (!isRetry && !nextAccess(out)) {
            state = State.IDLE;
        } else if (isOutsideMemory()) {
            failOutsideMemory();
        } else {
            long triedNanos = time.now();
            long walks = cpu.walks();
            boolean done = cpu.access(page, offset, write, isRetry, shard);
            time.chargeAccess(cpu.walks() - walks);
            if (done) {
                endAccess(false);
            } else {
                time.charge(Operation.FAULT_EXIT);
                haltSince(triedNanos, shard, out);
            }
        }
    }

    /** Whether the workload's next access is due; if not, it will be told when it is. */
    private boolean isDue(AccessSequence sequence) {
        long waitNanos = sequence.remaining() == 0 ? 0 : time.waitForNextNanos();
        if (waitNanos > 0 && !arrivalScheduled) {
            arrivalScheduled = true;
            parts.world().deliverAfter(time.elapsedNanos() + waitNanos, self, Arrived.NOW);
        }
        return waitNanos == 0;
    }

    private boolean nextAccess(Outbox out) {
        ArrayDeque<Access> queue = asked;
        if (queue != null && !queue.isEmpty()) {
            Access access = queue.removeFirst();
            current = access;
            askedNanos = time.now();
            page = access.gpa() >>> parts.spec().pageSize().shift();
            offset = access.gpa() & (parts.spec().pageSize().bytes() - 1);
            write = access.write();
            accessPending = true;
            return true;
        }
        AccessSequence sequence = accesses;
        if (sequence == null || !isDue(sequence)) {
            return false;
        }
        if (!sequence.next()) {
            accesses = null;
            parts.world().trace(TraceKinds.FINISHED, index, 0);
            out.tell(parts.machine(), new VirtualMachine.VCpuFinished(index));
            return false;
        }
        page = sequence.page();
        offset = cpu.nextOffset();
        write = sequence.write();
        accessPending = true;
        return true;
    }

    private boolean isOutsideMemory() {
        return Long.compareUnsigned(page, parts.layout().pages()) >= 0;
    }

    /** No memslot has the page: in KVM an exit that nobody can serve, here an error of the access. */
    private void failOutsideMemory() {
        parts.shards().mine().add(VcpuShard.RAISED, 1);
        long now = time.now();
        parts.listener().faultRaised(now, index, page, write);
        parts.listener().faultResolved(now, index, page, true);
        fail();
    }

    private void endAccess(boolean failed) {
        accessPending = false;
        Access access = current;
        if (access != null) {
            current = null;
            AccessResult result =
                    new AccessResult(index, access.gpa(), access.write(), failed, time.now() - askedNanos);
            if (time.elapsedNanos() == 0) {
                access.done().accept(result);
            } else {
                lane.run(_ -> tellDone(access, result)); // when the slice's time has passed
            }
        }
    }

    private static long tellDone(Access access, AccessResult result) {
        access.done().accept(result);
        return 0;
    }

    private void halt(int made, VcpuShard shard, Outbox out) {
        // Within a few accesses the clock has hardly moved, and to read it costs as much as they do.
        haltSince(made < ACCESSES_PER_CLOCK_READ && sliceNanos != NOT_READ
                ? sliceNanos
                : parts.world().clock().nanos(), shard, out);
    }

    /** Halts on a fault that was raised then. */
    private void haltSince(long nanos, VcpuShard shard, Outbox out) {
        state = State.HALTED;
        raisedNanos = nanos;
        shard.add(VcpuShard.RAISED, 1);
        parts.world().trace(TraceKinds.RAISED, index, page);
        parts.listener().faultRaised(raisedNanos, index, page, write);
        int memslot = parts.layout().memslotOf(page);
        ActorRef<Memslot.Command> told = parts.memslots().get(memslot);
        toldMemslot = told;
        out.tell(told, new Memslot.Fault(index, page, write, raisedNanos));
    }

    private void onResume(Resume resume) {
        if (state != State.HALTED) {
            return; // woken twice: the kernel allows it, and so do we
        }
        state = State.RUNNING;
        parts.world().trace(TraceKinds.RESUMED, index, resume.failed() ? 1 : 0);
        if (time.isFree()) {
            goOn(resume);
        } else {
            lane.run(_ -> wakeUp(resume));
        }
        lane.run(slice);
        sliceNanos = NOT_READ;
    }

    private long wakeUp(Resume resume) {
        time.charge(Operation.THREAD_WAKE);
        time.charge(Operation.FAULT_RESUME);
        goOn(resume);
        return time.take();
    }

    private void goOn(Resume resume) {
        if (resume.failed()) {
            parts.listener().faultResolved(time.now(), index, page, true);
            fail();
        } else {
            sliceNanos = time.now();
            parts.listener().faultResolved(sliceNanos, index, page, false);
            VcpuShard shard = parts.shards().mine();
            shard.add(VcpuShard.RESOLVED, 1);
            shard.times().record(index, page, raisedNanos, resume, sliceNanos);
        }
    }

    private void fail() {
        parts.counters().failed.increment();
        endAccess(true);
    }

    private void onMemslotReplaced(int memslot) {
        boolean lost = state == State.HALTED && parts.layout().memslotOf(page) == memslot
                && !parts.memslots().get(memslot).equals(toldMemslot);
        if (lost) {
            state = State.RUNNING;
            parts.listener().faultResolved(parts.world().clock().nanos(), index, page, true);
            fail();
            lane.run(slice);
        }
    }
}
