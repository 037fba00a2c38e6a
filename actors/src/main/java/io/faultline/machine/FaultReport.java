package io.faultline.machine;

import java.util.List;

/**
 * The faults of a run. Every fault raised ends in exactly one of {@code resolved}, {@code failed} and {@code lost}.
 *
 * @param raised vCPUs that halted on a page, each time anew
 * @param resolved those that ran on with the page in place
 * @param failed those told of an error instead, as the failure rules say (a poisoned page, a memslot that died)
 * @param lost vCPUs still halted when the machine was idle: must be 0
 * @param coalesced faults that found their page already on its way and waited for that
 * @param spurious faults whose page was in place when they were looked at
 * @param retried fetches begun again after a failure
 * @param poisoned pages given up after the last attempt
 * @param missing faults on pages that were nowhere
 * @param minor faults on pages in the page cache, mapped by CONTINUE
 * @param writeProtect faults of writes to write-protected pages
 * @param concurrentPeak the most vCPUs halted at once
 * @param perSecond resolved faults per second; per virtual second in the world {@code virtual}
 * @param latencyNanos from the raise until the vCPU ran again
 * @param latencyHistogram the same as bars
 * @param stageNanos the mean time spent in each stage
 * @param slowest the slowest faults, the slowest first
 */
public record FaultReport(long raised, long resolved, long failed, long lost, long coalesced, long spurious,
        long retried, long poisoned, long missing, long minor, long writeProtect, long concurrentPeak,
        double perSecond, Percentiles latencyNanos, List<LatencyBucket> latencyHistogram, StageNanos stageNanos,
        List<SlowFault> slowest) {
    /** Copies the lists. */
    public FaultReport {
        latencyHistogram = List.copyOf(latencyHistogram);
        slowest = List.copyOf(slowest);
    }
}
