package io.faultline.actors;

import io.faultline.cost.Operation;
import io.faultline.workload.AccessSequence;
import io.faultline.world.Lane;
import io.faultline.world.LaneOperation;
import io.faultline.world.Outbox;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * How a vCPU runs: makes accesses slice by slice on its lane, halts on a fault, and goes on when it is resumed. Belongs to
 * the vCPU.
 */
final class VcpuRun {
    private enum State { IDLE, RUNNING, HALTED }

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
    private final ActorRef<VCpu.Command> self;
    private final Lane lane;
    private final GuestCpu cpu;
    /** Of a CPU that others run on, too; null for a CPU of its own. */
    private final @Nullable CpuShare share;
    private final VcpuTime time;
    private final VcpuWork work;
    private final LaneOperation slice;
    private State state = State.IDLE;
    private int slices;
    private long sliceNanos = NOT_READ;
    /** Whom the fault it is halted on was told. */
    private @Nullable ActorRef<Memslot.Command> toldMemslot;
    private long raisedNanos;
    /** What woke it from its fault, while it waits for a CPU to go on with. */
    private VCpu.@Nullable Resume resumed;

    VcpuRun(MachineParts parts, int index, ActorRef<VCpu.Command> self, Lane lane) {
        this.parts = parts;
        this.index = index;
        this.self = self;
        this.lane = lane;
        this.cpu = new GuestCpu(parts, index);
        this.share = parts.cpus().isShared() ? new CpuShare(parts, index) : null;
        this.time = new VcpuTime(parts, index);
        this.work = new VcpuWork(parts, index, self, lane, cpu, time);
        LaneOperation accesses = time.standsStill() ? this::runSlice : this::runTimedSlice;
        this.slice = share == null ? accesses : out -> accesses.run(out) + yieldUnlessRunning(share, out);
        this.slices = index; // in step, thousands of vCPUs would let others run all at once and then not for long
    }

    /** Begins a workload. */
    void start(AccessSequence sequence) {
        work.start(sequence);
        runUnlessHalted();
    }

    /** Makes one access, after those asked for before. */
    void ask(VCpu.Access access) {
        work.ask(access);
        runUnlessHalted();
    }

    /** Begins no further access of the workload. */
    void stop() {
        if (work.stop()) {
            runUnlessHalted(); // what waits for its next access to be due need not
        }
    }

    /** The next access of the workload is due. */
    void arrived() {
        work.arrived();
        runUnlessHalted();
    }

    /** The slice before this one was not the last. */
    void goOn() {
        if (share != null && share.mustGiveWay()) {
            lane.run(this::preempt);
        } else {
            lane.run(slice);
        }
    }

    private void runUnlessHalted() {
        if (state == State.IDLE) {
            state = State.RUNNING;
            if (parts.isHeard()) {
                parts.listener().vcpuBegan(time.now(), index);
            }
            runWhenPossible();
        }
    }

    /** It can run: on its own CPU now, on a shared one when that is lent. */
    private void runWhenPossible() {
        if (share != null && !share.isHeld()) {
            share.want();
            return;
        }
        VCpu.Resume after = resumed;
        resumed = null;
        if (after != null) {
            goOnAfter(after);
        }
        lane.run(slice);
    }

    /** The shared CPU was lent. */
    void lent(long turn) {
        CpuShare lent = share();
        lent.lent(turn);
        lane.run(out -> takeCpu(lent, out));
        if (state == State.RUNNING) {
            runWhenPossible();
        } else {
            lane.run(out -> yieldUnlessRunning(lent, out));
        }
    }

    /** The shared CPU is to be given to another, at the end of the present slice of accesses. */
    void giveWay(long turn) {
        share().giveWay(turn);
    }

    /** Takes an interrupt for this vCPU's CPU. */
    long interrupt(Outbox out) {
        if (share != null && !share.isHeld()) {
            share.wantForInterrupt(cpu.isPreempted());
            return 0;
        }
        return cpu.interrupt(out);
    }

    /** A broadcast reaches this vCPU's CPU. */
    void invalidate(VCpu.Invalidate invalidate) {
        if (share != null) {
            share.invalidate(invalidate);
        } else {
            cpu.invalidated(invalidate.command());
            parts.shootdown().tell(new TlbShootdown.Invalidated(invalidate.broadcast()));
        }
    }

    private CpuShare share() {
        if (share == null) {
            throw new IllegalStateException("vCPU " + index + " has a CPU of its own");
        }
        return share;
    }

    /** What the hypervisor does before the guest goes on: first its flush, then what waits for the CPU. */
    private long takeCpu(CpuShare lent, Outbox out) {
        long nanos = parts.charges().of(Operation.CPU_SWITCH);
        if (cpu.isPreempted()) {
            cpu.run(out);
            nanos += cpu.takeFlushNanos();
        }
        return lent.takeInterrupt() ? nanos + cpu.interrupt(out) : nanos;
    }

    /** Between two accesses: an instruction boundary, as Linux 6cd88243c7e0 asks for. */
    private long preempt(Outbox out) {
        cpu.preempted();
        share().giveBack(true, out);
        return 0;
    }

    private long yieldUnlessRunning(CpuShare lent, Outbox out) {
        if (state != State.RUNNING) {
            lent.giveBack(false, out);
        }
        return 0;
    }

    private long runSlice(Outbox out) {
        if (state != State.RUNNING) {
            return 0;
        }
        if ((++slices & SLICES_MASK) == 0) {
            parts.world().letOthersRun();
        }
        if (cpu.ticks()) {
            cpu.tick(parts.world().clock().nanos(), out);
        }
        VcpuShard shard = parts.shards().mine();
        for (int made = 0; made < SLICE_ACCESSES; made++) {
            boolean isRetry = work.isPending();
            if (!isRetry && !work.next(out)) {
                state = State.IDLE;
                cpu.idle(out);
                return 0;
            }
            cpu.run(out);
            if (work.isOutsideMemory()) {
                failOutsideMemory();
            } else if (work.attempt(isRetry, shard)) {
                work.end(false);
            } else {
                halt(made, shard, out);
                return 0;
            }
        }
        out.tell(self, VCpu.Continue.INSTANCE);
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
            out.tell(self, VCpu.Continue.INSTANCE);
        }
        time.charge(cpu.takeFlushNanos());
        parts.gauges().sliceOverrunNanos.record(time.now() - endNanos);
        return time.take();
    }

    private void makeTimedAccess(Outbox out) {
        VcpuShard shard = parts.shards().mine();
        boolean isRetry = work.isPending();
        if (!isRetry && !work.next(out)) {
            state = State.IDLE;
            cpu.idle(out);
            return;
        }
        cpu.run(out);
        if (cpu.ticks()) {
            cpu.tick(time.now(), out);
        }
        time.charge(cpu.takeFlushNanos());
        if (work.isOutsideMemory()) {
            failOutsideMemory();
        } else {
            long triedNanos = time.now();
            long walks = cpu.walks();
            boolean done = work.attempt(isRetry, shard);
            time.chargeAccess(cpu.walks() - walks);
            if (done) {
                work.end(false);
            } else {
                time.charge(Operation.FAULT_EXIT);
                haltSince(triedNanos, shard, out);
            }
        }
    }

    /** No memslot has the page: in KVM an exit that nobody can serve, here an error of the access. */
    private void failOutsideMemory() {
        parts.shards().mine().add(VcpuShard.RAISED, 1);
        long now = time.now();
        parts.listener().faultRaised(now, index, work.page(), work.write());
        parts.listener().faultResolved(now, index, work.page(), true);
        fail();
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
        cpu.idle(out);
        raisedNanos = nanos;
        shard.add(VcpuShard.RAISED, 1);
        parts.world().trace(TraceKinds.RAISED, index, work.page());
        parts.listener().faultRaised(raisedNanos, index, work.page(), work.write());
        int memslot = parts.layout().memslotOf(work.page());
        ActorRef<Memslot.Command> told = parts.memslots().get(memslot);
        toldMemslot = told;
        out.tell(told, new Memslot.Fault(index, work.page(), work.write(), raisedNanos));
    }

    /** Runs on after a fault: tries the access again, or ends it with an error. */
    void resume(VCpu.Resume resume) {
        if (state != State.HALTED) {
            return; // woken twice: the kernel allows it, and so do we
        }
        state = State.RUNNING;
        parts.world().trace(TraceKinds.RESUMED, index, resume.failed() ? 1 : 0);
        resumed = resume;
        runWhenPossible();
        sliceNanos = NOT_READ;
    }

    private void goOnAfter(VCpu.Resume resume) {
        if (time.isFree()) {
            afterFault(resume);
        } else {
            lane.run(_ -> wakeUp(resume));
        }
    }

    private long wakeUp(VCpu.Resume resume) {
        time.charge(Operation.THREAD_WAKE);
        time.charge(Operation.FAULT_RESUME);
        afterFault(resume);
        return time.take();
    }

    private void afterFault(VCpu.Resume resume) {
        if (resume.failed()) {
            parts.listener().faultResolved(time.now(), index, work.page(), true);
            fail();
        } else {
            sliceNanos = time.now();
            parts.listener().faultResolved(sliceNanos, index, work.page(), false);
            VcpuShard shard = parts.shards().mine();
            shard.add(VcpuShard.RESOLVED, 1);
            shard.times().record(index, work.page(), raisedNanos, resume, sliceNanos);
        }
    }

    private void fail() {
        parts.counters().failed.increment();
        work.end(true);
    }

    /** A memslot died: if this vCPU waits for it, its access fails. */
    void memslotReplaced(int memslot) {
        boolean lost = state == State.HALTED && parts.layout().memslotOf(work.page()) == memslot
                && !parts.memslots().get(memslot).equals(toldMemslot);
        if (lost) {
            state = State.RUNNING;
            parts.listener().faultResolved(parts.world().clock().nanos(), index, work.page(), true);
            fail();
            runWhenPossible();
        }
    }
}
