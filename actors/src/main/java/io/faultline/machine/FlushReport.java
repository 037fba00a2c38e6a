package io.faultline.machine;

/**
 * The TLB flushes of a run.
 *
 * @param policy the flush policy, by name
 * @param requests flushes asked for
 * @param batches batches they were served in
 * @param ipis interrupts sent to other CPUs, each with the commands of one flush or several
 * @param ipisPerPage those, divided by the pages flushed; 0 when none was
 * @param fullFlushes TLBs emptied whole, where single invalidations would have been too many
 * @param violations invariants of the safety oracle that were broken: must be 0
 * @param stalenessNanos from the change of a mapping to the last acknowledgement
 * @param initiatorStallNanos time requesters stood still for a flush
 * @param victimStolenNanos time CPUs lost to others' flushes
 * @param quarantinePeakPages the most pages (4 KiB) held back from reuse at once
 */
public record FlushReport(String policy, long requests, long batches, long ipis, double ipisPerPage, long fullFlushes,
        long violations, Percentiles stalenessNanos, Percentiles initiatorStallNanos, Percentiles victimStolenNanos,
        long quarantinePeakPages) {

    /** The figures of a policy that had nothing to do. */
    public static FlushReport idle(String policy) {
        return new FlushReport(policy, 0, 0, 0, 0, 0, 0, Percentiles.NONE, Percentiles.NONE, Percentiles.NONE, 0);
    }
}
