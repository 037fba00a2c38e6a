package io.faultline.actors;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.faultline.verify.VerificationTally;

/** A machine's {@link VcpuShard}s, one for each thread that has run a vCPU. Thread-safe. */
final class VcpuShards {
    private final List<VcpuShard> all = new CopyOnWriteArrayList<>();
    private final ThreadLocal<VcpuShard> mine;
    private final long beganNanos;

    /**
     * @param beganNanos
     *            when the run began, on the world's clock
     */
    VcpuShards(long beganNanos) {
        this.beganNanos = beganNanos;
        this.mine = ThreadLocal.withInitial(this::add);
    }

    /** One more, for threads that share it and see to it themselves that one adds at a time. */
    VcpuShard add() {
        VcpuShard shard = new VcpuShard(beganNanos);
        all.add(shard);
        return shard;
    }

    /** The calling thread's shard. */
    VcpuShard mine() {
        return mine.get();
    }

    /** One of the counts of {@link VcpuShard}, over all threads. */
    long sum(int count) {
        long sum = 0;
        for (VcpuShard shard : all) {
            sum += shard.count(count);
        }
        return sum;
    }

    /** What was verified, over all threads; complete when no vCPU runs, a moment old otherwise. */
    VerificationTally tally() {
        VerificationTally sum = new VerificationTally();
        all.forEach(shard -> sum.add(shard.tally()));
        return sum;
    }

    /** How long faults took, over all threads; complete when no vCPU runs, a moment old otherwise. */
    FaultTimes.Snapshot times() {
        return FaultTimes.snapshot(all.stream().map(VcpuShard::times).toList());
    }
}
