package io.faultline.machine;

/**
 * Where the time of faults went, stage by stage: for one fault its own times, for many the mean over the resolved ones.
 * The stages follow one another and add up to the latency (to the rounding, when they are means).
 *
 * @param queue from the raise until a handler takes the fault up: the memslot's mailbox, the batch, the handler's mailbox
 * @param handler the handler's own work
 * @param fetch from the handler's decision until the page's bytes are there: waiting for credits, then reading
 * @param install from the bytes' arrival until the page is present in the tables
 * @param wake from the page's presence until the vCPU runs again
 */
public record StageNanos(long queue, long handler, long fetch, long install, long wake) {
    /** No time anywhere. */
    public static final StageNanos NONE = new StageNanos(0, 0, 0, 0, 0);

    /** The stages' sum. */
    public long total() {
        return queue + handler + fetch + install + wake;
    }
}
