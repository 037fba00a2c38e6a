package io.faultline.shootdown;

import java.util.List;

import io.faultline.machine.FlushReport;
import io.faultline.machine.Percentiles;

/**
 * What a run gave, up to the instant at which the last caller was done; what was still deferred then is flushed
 * afterwards, watched by the oracle and not counted.
 *
 * @param calls system calls made
 * @param pages that they were about
 * @param virtualNanos how long all took
 * @param callNanos from a call's entry to its return
 * @param callNanosMean the same, on average, not rounded
 * @param flush requests, interrupts, staleness, stall, stolen time of each interrupt, quarantine
 * @param rangeFlushes how often a CPU dropped a range page by page
 * @param entriesLost live translations that flushes dropped, on all CPUs
 * @param overflows requests the policy had no room for
 * @param sparedShare of the interrupts that strict flushing would have sent, those that were not
 * @param refills walks of page tables, on all CPUs
 * @param stolenNanos what interrupts and ticks took from all CPUs
 * @param mmLockWaitedNanos what callers waited for the mm lock, over all
 * @param lruLockWaitedNanos what they waited for the LRU lock
 * @param violations the first ones that the oracle saw, as text
 * @param traceHash of everything that happened: the same for the same specification
 */
public record ShootdownResult(long calls, long pages, long virtualNanos, Percentiles callNanos, double callNanosMean,
        FlushReport flush, long rangeFlushes, long entriesLost, long overflows, double sparedShare, long refills,
        long stolenNanos, long mmLockWaitedNanos, long lruLockWaitedNanos, List<String> violations, long traceHash) {
    private static final double NANOS_PER_SECOND = 1e9;

    /** The same with what is known only when nothing is left to happen. */
    ShootdownResult ended(long violationCount, List<String> firstViolations, long hash) {
        var judged =
                new FlushReport(flush.policy(), flush.requests(), flush.batches(), flush.ipis(), flush.ipisPerPage(),
                        flush.fullFlushes(), violationCount, flush.stalenessNanos(), flush.initiatorStallNanos(),
                        flush.victimStolenNanos(), flush.quarantinePeakPages());
        return new ShootdownResult(calls, pages, virtualNanos, callNanos, callNanosMean, judged, rangeFlushes,
                entriesLost,
                overflows, sparedShare, refills, stolenNanos, mmLockWaitedNanos, lruLockWaitedNanos, firstViolations,
                hash);
    }

    /** {@return calls of all threads per virtual second} */
    public double callsPerSecond() {
        return calls * NANOS_PER_SECOND / virtualNanos;
    }

    /** {@return the average time that a page took} */
    public double nanosPerPage() {
        return callNanosMean * calls / pages;
    }
}
