package io.faultline.actors;

import java.util.concurrent.atomic.AtomicLongArray;

import io.faultline.verify.VerificationTally;

/**
 * What vCPUs did while one thread ran them: counts, times and what they verified. A fault adds to half a dozen counts, so
 * they must cost no more than an addition.
 *
 * <p>
 * Threading: only its thread adds; the counts may be read by anybody at any time, the rest is complete when no vCPU runs
 * and a moment old otherwise.
 */
final class VcpuShard {
    /** Faults raised, each access that faults counted each time. */
    static final int RAISED = 0;
    /** Faults after which the vCPU ran on. */
    static final int RESOLVED = 1;
    /** Accesses that vCPUs have finished. */
    static final int ACCESSES = 2;
    /** Those of them that wrote. */
    static final int WRITES = 3;
    /** Accesses that the TLB answered. */
    static final int TLB_HITS = 4;
    /** Accesses for which the page tables were walked. */
    static final int TLB_MISSES = 5;

    private static final int COUNTS = 6;

    private final AtomicLongArray counts = new AtomicLongArray(COUNTS);
    private final VerificationTally tally = new VerificationTally();
    private final FaultTimes times;

    /**
     * @param beganNanos
     *            when the run began, on the world's clock
     */
    VcpuShard(long beganNanos) {
        this.times = new FaultTimes(beganNanos);
    }

    /** Adds to one of the counts. */
    void add(int count, long value) {
        counts.setOpaque(count, counts.getPlain(count) + value);
    }

    long count(int count) {
        return counts.getOpaque(count);
    }

    VerificationTally tally() {
        return tally;
    }

    FaultTimes times() {
        return times;
    }
}
