package io.faultline.shootdown;

import io.faultline.cost.Operation;
import io.faultline.flush.CpuPart;
import io.faultline.flush.CpuPort;
import io.faultline.flush.FlushCommand;
import io.faultline.flush.FlushCommands;
import io.faultline.memory.Entry;
import io.faultline.tlb.Tlb;

/**
 * One CPU as hardware and as the flush policy sees it: its TLB and the policy's part. What a call of it costs is returned;
 * what it acknowledges leaves as soon as the part says so. Not thread-safe: the CPU's actor owns it.
 */
final class CpuCore implements CpuPort {
    private final Machine machine;
    private final int cpu;
    private final Tlb tlb;
    private final CpuPart part;
    private final VictimGaps gaps;
    /** Of the present call, so far. */
    private long costNanos;
    private long acknowledged;
    private long refills;
    private long stolenNanos;
    private boolean preempted;
    private boolean idle;

    CpuCore(Machine machine, int cpu) {
        this.machine = machine;
        this.cpu = cpu;
        this.tlb = new Tlb(machine.spec().tlbEntries());
        this.gaps = new VictimGaps(machine.gapNanos());
        this.part = machine.policy().cpuPart(cpu, machine.domain(), this);
        tlb.observer(machine.oracle().tlbObserver(cpu).and(part.tlbObserver()));
        part.switchBegins(AppMemory.ASID);
        part.switchEnds();
    }

    /** The thread accesses a page. Returns what that took. */
    long access(long address, boolean write) {
        int tag = part.tag(AppMemory.ASID);
        long nanos = machine.cost(Operation.ACCESS);
        if (tlb.lookup(tag, address, write) == Tlb.MISS) {
            part.walk(AppMemory.ASID, address);
            long entry = machine.memory().table().walkAndMark(address, write);
            assert Entry.isPresent(entry) && (!write || Entry.isWritable(entry))
                    : "CPU " + cpu + " finds " + Entry.describe(entry) + " at 0x" + Long.toHexString(address);
            tlb.fill(tag, address, entry);
            refills++;
            nanos += machine.cost(Operation.REFILL);
        }
        if (machine.oracle().isOn()) {
            machine.oracle().accessed(cpu, tag, address, write);
        }
        return nanos;
    }

    /** The thread reads pages because another one wants it to. Not when it sleeps. */
    long touch(long start, int pages) {
        costNanos = 0;
        resume();
        for (int page = 0; page < pages && !idle; page++) {
            costNanos += access(AppMemory.address(start, page), false);
        }
        return costNanos;
    }

    /** Takes an interrupt: does all that is asked of this CPU. */
    long interrupt() {
        costNanos = 0;
        resume();
        costNanos += machine.cost(Operation.IPI_ENTRY);
        FlushCommands commands = machine.interrupts().take(cpu);
        machine.world().trace(TraceKinds.INTERRUPTED, cpu, commands.count());
        // What else was asked for meanwhile comes from other CPUs' caches, and so does the word it is answered in.
        costNanos += 2L * (commands.count() - 1) * machine.cost(Operation.LINE_FAR);
        for (int each = 0; each < commands.count(); each++) {
            part.ipiEntered(commands.command(each));
            part.ipi(commands.command(each));
        }
        return stolen(costNanos);
    }

    private long stolen(long nanos) {
        stolenNanos += nanos;
        gaps.stolen(machine.nanos(), nanos);
        machine.statistics().victimStolen(nanos);
        return nanos;
    }

    /**
     * Flushes for the thread's own call.
     *
     * @param earlierNanos what the call has taken so far, so that the acknowledgement leaves after it
     * @return what the flush took
     */
    long flushSelf(FlushCommand command, long earlierNanos) {
        costNanos = earlierNanos;
        part.ipi(command);
        return costNanos - earlierNanos;
    }

    /** The timer tick: what the policy does at it; the rest of a tick is there under any policy. */
    long tick() {
        costNanos = 0;
        resume();
        if (idle) {
            return costNanos;
        }
        acknowledged = 0;
        part.tick();
        costNanos += acknowledged * machine.cost(Operation.LOG_SWEEP);
        return costNanos == 0 ? 0 : stolen(costNanos);
    }

    /** The thread sleeps, and nothing else is there to run. */
    void idle() {
        idle = true;
        costNanos = 0;
        part.idle();
    }

    /** The thread is to run again. Returns what the policy does about that. */
    long leaveIdle() {
        idle = false;
        costNanos = 0;
        part.switchBegins(AppMemory.ASID);
        part.switchEnds();
        return costNanos;
    }

    /** The hypervisor takes the CPU away. */
    void preempt() {
        if (!preempted) {
            preempted = true;
            part.preempted();
        }
    }

    /** The hypervisor lets the CPU run again, if it did not. What that takes is part of the present call. */
    private void resume() {
        if (preempted) {
            preempted = false;
            part.resumed();
        }
    }

    /** The hypervisor lets the CPU run again, and nothing else has noticed it before. */
    long resumed() {
        costNanos = 0;
        resume();
        return costNanos;
    }

    /** The hardware drops what another CPU broadcast. */
    void drop(FlushCommand command) {
        if (command.isFull()) {
            tlb.flushSpace(command.asid());
        } else {
            tlb.invalidate(command.asid(), command.start(), command.end());
        }
    }

    long refills() {
        return refills;
    }

    /** Nothing more is counted. */
    void closeGap() {
        gaps.close();
    }

    /** What interrupts and ticks took. */
    long stolenNanos() {
        return stolenNanos;
    }

    @Override
    public void invalidate(int asid, long start, long end, int strideShift) {
        costNanos += machine.cost(Operation.INVLPG) * Math.max(1, (end - start) >>> strideShift);
        tlb.invalidate(asid, start, end);
    }

    @Override
    public void flushSpace(int asid) {
        costNanos += machine.cost(Operation.FULL_FLUSH);
        tlb.flushSpace(asid);
    }

    @Override
    public void flushAll() {
        costNanos += machine.cost(Operation.FULL_FLUSH);
        tlb.flushAll();
    }

    @Override
    public int liveEntries() {
        return tlb.liveEntries();
    }

    @Override
    public void acknowledge(int initiator, long ticket) {
        acknowledged++;
        machine.world().deliverAfter(costNanos, machine.actor(initiator), new CpuActor.Answered(cpu, ticket));
    }
}
