package io.faultline.flush;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

import io.faultline.time.NanoClock;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * Counts what passes through a policy's ports, so that every policy is measured alike and none counts for itself.
 *
 * <p>One object for all parts of a machine; safe for any thread.
 */
public final class FlushStatistics {
    private static final int SIGNIFICANT_DIGITS = 2;

    private final LongAdder requests = new LongAdder();
    private final LongAdder pages = new LongAdder();
    private final LongAdder batches = new LongAdder();
    private final LongAdder ipiCommands = new LongAdder();
    private final LongAdder ipisMerged = new LongAdder();
    private final LongAdder broadcasts = new LongAdder();
    private final LongAdder flagsSet = new LongAdder();
    private final LongAdder fullFlushes = new LongAdder();
    private final LongAdder rangeFlushes = new LongAdder();
    private final LongAdder entriesOfFullFlushes = new LongAdder();
    private final LongAdder entriesOfRangeFlushes = new LongAdder();
    private final LongAdder overflows = new LongAdder();
    private final LongAdder strictTargets = new LongAdder();
    private final AtomicLong quarantinePages = new AtomicLong();
    private final AtomicLong quarantinePeakPages = new AtomicLong();
    private final Histogram stalenessNanos = new ConcurrentHistogram(SIGNIFICANT_DIGITS);
    private final Histogram initiatorStallNanos = new ConcurrentHistogram(SIGNIFICANT_DIGITS);
    private final Histogram victimStolenNanos = new ConcurrentHistogram(SIGNIFICANT_DIGITS);

    /**
     * Puts the counters between a policy's parts and their hosts.
     *
     * @param policy to be measured
     * @param clock the world's
     * @return a policy of the same behaviour
     */
    public FlushPolicy measuring(FlushPolicy policy, NanoClock clock) {
        return new MeasuredPolicy(policy, this, clock);
    }

    /**
     * Adds what one interrupt cost its CPU; the host of the CPU part knows.
     *
     * @param nanos from its entry to its end
     */
    public void victimStolen(long nanos) {
        victimStolenNanos.recordValue(Math.max(0, nanos));
    }

    /**
     * Takes note that a command needed no interrupt of its own, for one was on its way to its CPU; the host of the initiator
     * part knows.
     */
    public void ipiMerged() {
        ipisMerged.increment();
    }

    void requested(FlushRequest request, FlushDomain domain) {
        requests.increment();
        if (request.kind().leavesStaleTranslations() && request.pagesPresent() > 0) {
            var cpus = domain.space(request.asid()).cpus();
            boolean own = request.cpu() != FlushRequest.NO_CPU && cpus.contains(request.cpu());
            strictTargets.add(cpus.count() - (own ? 1 : 0));
        }
        pages.add(request.pagesPresent());
        long now = quarantinePages.addAndGet(request.quarantinedPages());
        quarantinePeakPages.accumulateAndGet(now, Math::max);
    }

    void ipi(boolean firstOfBatch) {
        ipiCommands.increment();
        batch(firstOfBatch);
    }

    void batch(boolean first) {
        if (first) {
            batches.increment();
        }
    }

    void broadcast() {
        broadcasts.increment();
    }

    void flagSet() {
        flagsSet.increment();
    }

    void fullFlush(int entries) {
        fullFlushes.increment();
        entriesOfFullFlushes.add(entries);
    }

    void rangeFlush(int entries) {
        rangeFlushes.increment();
        entriesOfRangeFlushes.add(entries);
    }

    void overflow() {
        overflows.increment();
    }

    void settled(FlushRequest request, long nowNanos) {
        if (request.kind().leavesStaleTranslations()) {
            stalenessNanos.recordValue(Math.max(0, nowNanos - request.changedNanos()));
        }
    }

    void completed(FlushRequest request, long nowNanos) {
        initiatorStallNanos.recordValue(Math.max(0, nowNanos - request.changedNanos()));
    }

    void released(FlushRequest request) {
        quarantinePages.addAndGet(-request.quarantinedPages());
    }

    /** {@return requests handed to initiators} */
    public long requests() {
        return requests.sum();
    }

    /** {@return pages that the requests found present} */
    public long pages() {
        return pages.sum();
    }

    /** {@return groups of interrupts sent together} */
    public long batches() {
        return batches.sum();
    }

    /** {@return interrupts really sent to other CPUs, each with one command or several} */
    public long ipis() {
        return ipiCommands.sum() - ipisMerged.sum();
    }

    /** {@return commands that policies sent by interrupt: how many there would be if none travelled with another} */
    public long ipiCommands() {
        return ipiCommands.sum();
    }

    /** {@return interrupts per page that was present; 0 when there was none} */
    public double ipisPerPage() {
        long all = pages();
        return all == 0 ? 0 : (double) ipis() / all;
    }

    /** {@return broadcasts sent instead of interrupts} */
    public long broadcasts() {
        return broadcasts.sum();
    }

    /** {@return interrupts saved by a flag in a preempted CPU's word} */
    public long flagsSet() {
        return flagsSet.sum();
    }

    /** {@return times a CPU dropped an address space's every translation, or all} */
    public long fullFlushes() {
        return fullFlushes.sum();
    }

    /** {@return times a CPU dropped a range page by page} */
    public long rangeFlushes() {
        return rangeFlushes.sum();
    }

    /** {@return translations that full flushes dropped, needed or not: each one still used costs a walk} */
    public long entriesOfFullFlushes() {
        return entriesOfFullFlushes.sum();
    }

    /** {@return translations that range flushes dropped} */
    public long entriesOfRangeFlushes() {
        return entriesOfRangeFlushes.sum();
    }

    /** {@return requests for which the policy had no room, so that their requesters stood still or they were flushed at once} */
    public long overflows() {
        return overflows.sum();
    }

    /** {@return interrupts that strict flushing would have sent: one per request and other CPU of its address space} */
    public long strictTargets() {
        return strictTargets.sum();
    }

    /** {@return the share of those that the policy did without, by skipping CPUs or merging requests; from 0 to 1} */
    public double sparedShare() {
        long strict = strictTargets();
        return strict == 0 ? 0 : Math.max(0, 1 - (double) ipiCommands() / strict);
    }

    /** {@return pages that wait for their release now} */
    public long quarantinePages() {
        return quarantinePages.get();
    }

    /** {@return the most pages that ever waited for their release} */
    public long quarantinePeakPages() {
        return quarantinePeakPages.get();
    }

    /** {@return a copy: from each change to its last acknowledgement, nanoseconds} */
    public Histogram stalenessNanos() {
        return stalenessNanos.copy();
    }

    /** {@return a copy: from each change until its requester went on, nanoseconds} */
    public Histogram initiatorStallNanos() {
        return initiatorStallNanos.copy();
    }

    /** {@return a copy: what interrupts took from the CPUs they hit, nanoseconds each} */
    public Histogram victimStolenNanos() {
        return victimStolenNanos.copy();
    }
}
