package io.faultline.actors;

import io.faultline.cost.Operation;
import io.faultline.world.WorldContext;
import org.jspecify.annotations.Nullable;

/**
 * How a vCPU's time passes within one operation of its lane, and when its next access is due. Where nothing costs anything
 * no time passes. Belongs to the vCPU.
 */
final class VcpuTime {
    private final WorldContext world;
    private final Charges charges;
    private final @Nullable Arrivals arrivals;
    private long elapsedNanos;

    VcpuTime(MachineParts parts, int index) {
        this.world = parts.world();
        this.charges = parts.charges();
        this.arrivals = Arrivals.of(parts.spec(), index);
    }

    /** Whether accesses take no time and are always due, so that nobody need look at it. */
    boolean standsStill() {
        return charges.isFree() && arrivals == null;
    }

    /** Whether operations cost anything. */
    boolean isFree() {
        return charges.isFree();
    }

    /** The present instant, within the operation. */
    long now() {
        return world.clock().nanos() + elapsedNanos;
    }

    long elapsedNanos() {
        return elapsedNanos;
    }

    void charge(Operation operation) {
        elapsedNanos += charges.of(operation);
    }

    void charge(long nanos) {
        elapsedNanos += nanos;
    }

    /** An access was made, or tried, and walked the page tables so often. */
    void chargeAccess(long walks) {
        elapsedNanos += charges.accessNanos() + charges.of(Operation.REFILL) * walks;
    }

    /** The operation is over: what it cost. */
    long take() {
        long nanos = elapsedNanos;
        elapsedNanos = 0;
        return nanos;
    }

    /** The workload begins now. */
    void begin() {
        if (arrivals != null) {
            arrivals.begin(now());
        }
    }

    /** Nanoseconds until the workload's next access is due, 0 when it is; then it is being made. */
    long waitForNextNanos() {
        if (arrivals == null) {
            return 0;
        }
        long waitNanos = arrivals.nextNanos() - now();
        if (waitNanos > 0) {
            return waitNanos;
        }
        arrivals.take();
        return 0;
    }
}
