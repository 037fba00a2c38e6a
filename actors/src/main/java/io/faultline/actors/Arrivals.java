package io.faultline.actors;

import io.faultline.machine.MachineSpec;
import io.faultline.time.SplitMix;
import org.jspecify.annotations.Nullable;

/**
 * When the accesses of one vCPU's workload are due: a Poisson process, whose gaps depend on the seed and the vCPU only.
 * What is due while the vCPU cannot run waits, and none is lost. Not thread-safe: its vCPU owns it.
 */
final class Arrivals {
    private static final long SALT = 0xA1217A1L;
    private static final double NANOS_PER_SECOND = 1e9;

    private final SplitMix random;
    private final double meanGapNanos;
    /** Not rounded, or many short gaps would add up to another rate. */
    private double nextNanos;

    private Arrivals(SplitMix random, double meanGapNanos) {
        this.random = random;
        this.meanGapNanos = meanGapNanos;
    }

    /** Those of a vCPU; null when its next access is always due. */
    static @Nullable Arrivals of(MachineSpec spec, int vcpu) {
        return spec.arrivalsPerSecond() == 0
                ? null
                : new Arrivals(new SplitMix(spec.seed()).split(SALT).split(vcpu),
                        NANOS_PER_SECOND / spec.arrivalsPerSecond());
    }

    /** The workload begins now. */
    void begin(long nowNanos) {
        nextNanos = nowNanos;
        take();
    }

    /** When the next access is due. */
    long nextNanos() {
        return (long) Math.ceil(nextNanos);
    }

    /** It is being made: on to the one after it. */
    void take() {
        nextNanos -= meanGapNanos * Math.log1p(-random.nextDouble());
    }
}
