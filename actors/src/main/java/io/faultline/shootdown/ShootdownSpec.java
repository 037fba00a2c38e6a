package io.faultline.shootdown;

import java.util.Set;

import io.faultline.cost.CostProfile;
import io.faultline.flush.FlushPolicy;
import io.faultline.flush.HostDuty;

/**
 * One run of the experiment. Each setter returns a changed copy.
 *
 * @param cpus how many CPUs, each with a thread of the process
 * @param policy when stale translations are flushed
 * @param costs what everything costs
 * @param workload what the threads do
 * @param seed of the order of what is ready at the same time, and of what is drawn
 * @param tlbEntries of each CPU
 * @param tickNanos between two ticks of a CPU that is not idle
 * @param vcpusPerCpu how many of these CPUs are vCPUs that take turns on one: 1 for bare metal, else each runs for
 *     {@code turnNanos} and is preempted while the others do
 * @param turnNanos how long a turn is
 * @param oracle whether the safety oracle watches
 */
public record ShootdownSpec(int cpus, FlushPolicy policy, CostProfile costs, MemoryWorkload workload, long seed,
        int tlbEntries, long tickNanos, int vcpusPerCpu, long turnNanos, boolean oracle) {
    /** The most CPUs: each has a part of the 48 bits of addresses. */
    public static final int CPUS_MOST = 2048;

    /** What the machine does for policies; one that needs more cannot be run. */
    public static final Set<HostDuty> DUTIES =
            Set.of(HostDuty.TICKS, HostDuty.WALKS, HostDuty.BROADCASTS, HostDuty.OPERATIONS);

    private static final int TLB_ENTRIES = 1536;
    private static final long TICK_NANOS = 1_000_000;
    private static final long TURN_NANOS = 3_000_000;

    /** Checks the numbers. */
    public ShootdownSpec {
        if (cpus < 1 || cpus > CPUS_MOST) {
            throw new IllegalArgumentException(cpus + " CPUs; 1 to " + CPUS_MOST + " are possible");
        }
        if (tlbEntries < 1 || tickNanos < 1 || vcpusPerCpu < 1 || turnNanos < 1) {
            throw new IllegalArgumentException("TLBs of " + tlbEntries + " entries, ticks of " + tickNanos + " ns, "
                    + vcpusPerCpu + " vCPUs a CPU, turns of " + turnNanos + " ns: all must be at least 1");
        }
    }

    /**
     * A run with the usual rest: seed 1, TLBs of 1536 entries, a tick each millisecond, a CPU for each, no oracle.
     *
     * @param cpus how many
     * @param policy when stale translations are flushed
     * @param costs what everything costs
     * @param workload what the threads do
     * @return to be changed or run
     */
    public static ShootdownSpec of(int cpus, FlushPolicy policy, CostProfile costs, MemoryWorkload workload) {
        return new ShootdownSpec(cpus, policy, costs, workload, 1, TLB_ENTRIES, TICK_NANOS, 1, TURN_NANOS, false);
    }

    /** With another policy. */
    public ShootdownSpec policy(FlushPolicy value) {
        return new ShootdownSpec(cpus, value, costs, workload, seed, tlbEntries, tickNanos, vcpusPerCpu, turnNanos,
                oracle);
    }

    /** With another seed. */
    public ShootdownSpec seed(long value) {
        return new ShootdownSpec(cpus, policy, costs, workload, value, tlbEntries, tickNanos, vcpusPerCpu, turnNanos,
                oracle);
    }

    /** With other ticks. */
    public ShootdownSpec tickNanos(long value) {
        return new ShootdownSpec(cpus, policy, costs, workload, seed, tlbEntries, value, vcpusPerCpu, turnNanos,
                oracle);
    }

    /** With so many vCPUs taking turns on one CPU. */
    public ShootdownSpec overcommit(int vcpus, long nanos) {
        return new ShootdownSpec(cpus, policy, costs, workload, seed, tlbEntries, tickNanos, vcpus, nanos, oracle);
    }

    /** With the oracle, or without. */
    public ShootdownSpec oracle(boolean value) {
        return new ShootdownSpec(cpus, policy, costs, workload, seed, tlbEntries, tickNanos, vcpusPerCpu, turnNanos,
                value);
    }

    /**
     * Runs it, on the calling thread. The same specification gives the same result, to the nanosecond.
     *
     * @return what came out
     */
    public ShootdownResult run() {
        return Shootdowns.run(this);
    }
}
