package io.faultline.shootdown;

import java.util.List;

import io.faultline.machine.FlushReport;
import io.faultline.machine.LatencyBucket;
import io.faultline.machine.Percentiles;

/**
 * What a run gave. It ends when the last caller is done. What was still deferred then is flushed afterwards, watched by the
 * oracle, and counted with the rest: a policy that puts everything off until the end has not done without it.
 *
 * @param calls system calls made
 * @param pages that they were about
 * @param virtualNanos until the last caller was done
 * @param callNanos from a call's entry to its return
 * @param callNanosMean the same, on average, not rounded
 * @param flush requests, interrupts, staleness, stall, stolen time of each interrupt, quarantine
 * @param staleness how the staleness of each change was spread
 * @param rangeFlushes how often a CPU dropped a range page by page
 * @param entriesLost live translations that flushes dropped, on all CPUs
 * @param overflows requests the policy had no room for
 * @param sparedShare of the interrupts that strict flushing would have sent, those that were not
 * @param refills walks of page tables, on all CPUs
 * @param refillNanos what these took
 * @param victims what interrupts and ticks did to each CPU
 * @param quarantine what waited for its release
 * @param stolenNanos what interrupts and ticks took from all CPUs
 * @param mmLockWaitedNanos what callers waited for the mm lock, over all
 * @param lruLockWaitedNanos what they waited for the LRU lock
 * @param violations the first ones that the oracle saw, as text
 * @param traceHash of everything that happened: the same for the same specification
 */
public record ShootdownResult(long calls, long pages, long virtualNanos, Percentiles callNanos, double callNanosMean,
        FlushReport flush, List<LatencyBucket> staleness, long rangeFlushes, long entriesLost, long overflows,
        double sparedShare, long refills,
        long refillNanos, VictimReport victims, QuarantineReport quarantine, long stolenNanos, long mmLockWaitedNanos,
        long lruLockWaitedNanos, List<String> violations, long traceHash) {
    private static final double NANOS_PER_SECOND = 1e9;

    /** {@return calls of all threads per virtual second} */
    public double callsPerSecond() {
        return calls * NANOS_PER_SECOND / virtualNanos;
    }

    /** {@return pages that the calls of all threads were about, per virtual second} */
    public double pagesPerSecond() {
        return pages * NANOS_PER_SECOND / virtualNanos;
    }

    /** {@return the average time that a page took} */
    public double nanosPerPage() {
        return callNanosMean * calls / pages;
    }
}
