package io.faultline.actors;

import java.util.ArrayDeque;

import org.jspecify.annotations.Nullable;

/**
 * The accesses a vCPU was asked for one by one: those that wait, and the one that is being made. Most vCPUs have none and
 * only run a workload. Belongs to the vCPU.
 */
final class AskedAccesses {
    private final ArrayDeque<VCpu.Access> waiting = new ArrayDeque<>();
    private VCpu.@Nullable Access current;
    private long askedNanos;

    void add(VCpu.Access access) {
        waiting.add(access);
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Begins the one that has waited longest. */
    VCpu.Access begin(long nowNanos) {
        assert current == null : current + " is being made";
        VCpu.Access access = waiting.removeFirst();
        current = access;
        askedNanos = nowNanos;
        return access;
    }

    /** The one that is being made is made; null when it was the workload's. */
    VCpu.@Nullable Access end() {
        VCpu.Access access = current;
        current = null;
        return access;
    }

    /** When the last one began. */
    long askedNanos() {
        return askedNanos;
    }
}
