package io.faultline.space;

/**
 * Hears of every operation that changes page-table entries, also of one that found nothing present (see races R2 and
 * R3 of the flush policies: who skips those skips somebody's pending flush).
 *
 * <p>
 * Called on the thread that makes the change, which is the writer of the range.
 */
@FunctionalInterface
public interface MappingObserver {
    /**
     * The entries have changed; frames that left them have not been given away yet. An operation over a long range
     * reports it in consecutive parts.
     *
     * @param pagesFoundPresent
     *            base pages in the range that were mapped before the change
     */
    void changed(MappingChange kind, long start, long end, long pagesFoundPresent);

    /**
     * The entries are about to change in a way that takes something back (Linux's invalidate_range_start): whoever
     * mapped the same frames elsewhere unmaps them now. Not called for changes that only add.
     */
    default void changing(MappingChange kind, long start, long end) {}
}
