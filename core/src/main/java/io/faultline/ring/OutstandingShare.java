package io.faultline.ring;

/**
 * What one memslot adds to {@link FaultCounters#outstanding()}: the vCPUs that wait on its port. It outlives the memslot,
 * so that those who waited for one that died are taken off again. Not thread-safe: the port's owner owns it.
 */
public final class OutstandingShare {
    private final FaultCounters counters;
    private int reported;

    /**
     * @param counters
     *            the machine's
     */
    public OutstandingShare(FaultCounters counters) {
        this.counters = counters;
    }

    /** Says how many wait now. */
    public void report(int waiters) {
        if (waiters != reported) {
            counters.outstanding(waiters - reported);
            reported = waiters;
        }
    }
}
