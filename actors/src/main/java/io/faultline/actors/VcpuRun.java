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
    private final ActorRef<VCpu.Command> self;
    private final Lane lane;
    private final GuestCpu cpu;
    private final VcpuTime time;
    private final LaneOperation slice;
    private @Nullable AccessSequence accesses;
    private @Nullable AskedAccesses asked;
    private State state = State.IDLE;
    private int slices;
    private long sliceNanos = NOT_READ;
    private boolean accessPending;
    private long page;
    private boolean write;
    private long offset;
    /** Whom the fault it is halted on was told. */
    private @Nullable ActorRef<Memslot.Command> toldMemslot;
    private long raisedNanos;
    private boolean arrivalScheduled;

    VcpuRun(MachineParts parts, int index, ActorRef<VCpu.Command> self, Lane lane, GuestCpu cpu) {
        this.parts = parts;
        this.index = index;
        this.self = self;
        this.lane = lane;
        this.cpu = cpu;
        this.time = new VcpuTime(parts, index);
        this.slice = time.standsStill() ? this::runSlice : this::runTimedSlice;
        this.slices = index; // in step, thousands of vCPUs would let others run all at once and then not for long
    }

    /** Begins a workload. */
    void start(AccessSequence sequence) {
        if (accesses != null) {
            throw new IllegalStateException("vCPU " + index + " runs a workload already");
        }
        accesses = sequence;
        time.begin();
        runUnlessHalted();
    }

    /** Makes one access, after those asked for before. */
    void ask(VCpu.Access access) {
        AskedAccesses queue = asked;
        if (queue == null) {
            queue = new AskedAccesses();
            asked = queue;
        }
        queue.add(access);
        runUnlessHalted();
    }

    /** Begins no further access of the workload. */
    void stop() {
        if (accesses != null) {
            accesses = NoAccesses.INSTANCE;
            arrived(); // what waits for its next access to be due need not
        }
    }

    /** The next access of the workload is due. */
    void arrived() {
        arrivalScheduled = false;
        runUnlessHalted();
    }

    /** The slice before this one was not the last. */
    void goOn() {
        lane.run(slice);
    }

    private void runUnlessHalted() {
        if (state == State.IDLE) {
            state = State.RUNNING;
            if (parts.isHeard()) {
                parts.listener().vcpuBegan(time.now(), index);
            }
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
            parts.world().deliverAfter(time.elapsedNanos() + waitNanos, self, VCpu.Arrived.NOW);
        }
        return waitNanos == 0;
    }

    private boolean nextAccess(Outbox out) {
        AskedAccesses queue = asked;
        if (queue != null && !queue.isEmpty()) {
            VCpu.Access access = queue.begin(time.now());
            page = access.gpa() >>> parts.spec().pageSize().shift();
            offset = access.gpa() & (parts.spec().pageSize().bytes() - 1);
            write = access.write();
            accessPending = true;
            return true;
        }
        AccessSequence sequence = accesses;
        if (sequence == null || !isDue(sequence)) {
            tellIdle();
            return false;
        }
        if (!sequence.next()) {
            accesses = null;
            tellIdle(); // before the machine may take the run for over
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

    private void tellIdle() {
        if (parts.isHeard()) {
            parts.listener().vcpuIdle(time.now(), index);
        }
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
        AskedAccesses queue = asked;
        if (queue != null) {
            endAsked(queue, failed);
        }
    }

    private void endAsked(AskedAccesses queue, boolean failed) {
        VCpu.Access access = queue.end();
        if (access != null) {
            AccessResult result =
                    new AccessResult(index, access.gpa(), access.write(), failed, time.now() - queue.askedNanos());
            if (time.elapsedNanos() == 0) {
                access.done().accept(result);
            } else {
                lane.run(_ -> tellDone(access, result)); // when the slice's time has passed
            }
        }
    }

    private static long tellDone(VCpu.Access access, AccessResult result) {
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

    /** Runs on after a fault: tries the access again, or ends it with an error. */
    void resume(VCpu.Resume resume) {
        if (state != State.HALTED) {
            return; // woken twice: the kernel allows it, and so do we
        }
        state = State.RUNNING;
        parts.world().trace(TraceKinds.RESUMED, index, resume.failed() ? 1 : 0);
        if (time.isFree()) {
            afterFault(resume);
        } else {
            lane.run(_ -> wakeUp(resume));
        }
        lane.run(slice);
        sliceNanos = NOT_READ;
    }

    private long wakeUp(VCpu.Resume resume) {
        time.charge(Operation.THREAD_WAKE);
        time.charge(Operation.FAULT_RESUME);
        afterFault(resume);
        return time.take();
    }

    private void afterFault(VCpu.Resume resume) {
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

    /** A memslot died: if this vCPU waits for it, its access fails. */
    void memslotReplaced(int memslot) {
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
