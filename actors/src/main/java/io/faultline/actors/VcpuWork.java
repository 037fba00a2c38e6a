package io.faultline.actors;

import io.faultline.workload.AccessSequence;
import io.faultline.world.Lane;
import io.faultline.world.Outbox;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * What a vCPU has to do: which access is the next, of those it was asked for or of its workload, and the one that is being
 * made. Belongs to the vCPU.
 */
final class VcpuWork {
    private final MachineParts parts;
    private final int index;
    private final ActorRef<VCpu.Command> self;
    private final Lane lane;
    private final GuestCpu cpu;
    private final VcpuTime time;
    private @Nullable AccessSequence accesses;
    private @Nullable AskedAccesses asked;
    private boolean pending;
    private long page;
    private boolean write;
    private long offset;
    private boolean arrivalScheduled;

    VcpuWork(MachineParts parts, int index, ActorRef<VCpu.Command> self, Lane lane, GuestCpu cpu, VcpuTime time) {
        this.parts = parts;
        this.index = index;
        this.self = self;
        this.lane = lane;
        this.cpu = cpu;
        this.time = time;
    }

    /** Adds a workload. */
    void start(AccessSequence sequence) {
        if (accesses != null) {
            throw new IllegalStateException("vCPU " + index + " runs a workload already");
        }
        accesses = sequence;
        time.begin();
    }

    /** Adds one access, after those asked for before. */
    void ask(VCpu.Access access) {
        AskedAccesses queue = asked;
        if (queue == null) {
            queue = new AskedAccesses();
            asked = queue;
        }
        queue.add(access);
    }

    /** Ends the workload before its next access; tells whether there is one. */
    boolean stop() {
        if (accesses == null) {
            return false;
        }
        accesses = NoAccesses.INSTANCE;
        arrivalScheduled = false;
        return true;
    }

    /** The next access of the workload is due. */
    void arrived() {
        arrivalScheduled = false;
    }

    /** Whether an access has begun and is not made yet: it faulted. */
    boolean isPending() {
        return pending;
    }

    /** The machine's page that the present access goes to. */
    long page() {
        return page;
    }

    /** Whether the present access writes. */
    boolean write() {
        return write;
    }

    /** Makes the present access; false when it faults. */
    boolean attempt(boolean isRetry, VcpuShard shard) {
        return cpu.access(page, offset, write, isRetry, shard);
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

    /** Begins the next access; false when there is none, or none is due. */
    boolean next(Outbox out) {
        AskedAccesses queue = asked;
        if (queue != null && !queue.isEmpty()) {
            VCpu.Access access = queue.begin(time.now());
            page = access.gpa() >>> parts.spec().pageSize().shift();
            offset = access.gpa() & (parts.spec().pageSize().bytes() - 1);
            write = access.write();
            pending = true;
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
            cpu.leave(out);
            out.tell(parts.machine(), new VirtualMachine.VCpuFinished(index));
            return false;
        }
        page = sequence.page();
        offset = cpu.nextOffset();
        write = sequence.write();
        pending = true;
        return true;
    }

    private void tellIdle() {
        if (parts.isHeard()) {
            parts.listener().vcpuIdle(time.now(), index);
        }
    }

    /** Whether the present access is to no page of the machine. */
    boolean isOutsideMemory() {
        return Long.compareUnsigned(page, parts.layout().pages()) >= 0;
    }

    /** The present access is made, or will never be. */
    void end(boolean failed) {
        pending = false;
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
}
