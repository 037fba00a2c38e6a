package io.faultline.ring;

import java.util.function.IntPredicate;

/**
 * Chooses which pages to evict: the clock, or second chance (Corbató, "A paging experiment with the Multics system",
 * 1968). The hand goes round the pages; one that was accessed since the hand last passed loses its mark and stays, one
 * that was not is taken. Not thread-safe: the memslot owns it.
 */
public final class ClockHand {
    private final int pages;
    private int hand;

    /**
     * @param pages
     *            how many pages the clock has
     */
    public ClockHand(int pages) {
        assert pages > 0 : pages + " pages";
        this.pages = pages;
    }

    /**
     * Takes victims, in the order in which the hand meets them.
     *
     * @param evictable
     *            whether a page may be taken at all
     * @param testAndClearAccessed
     *            whether an evictable page was accessed since this was last asked; clears the mark
     * @param victims
     *            takes the indices of the victims from 0 on; its length is how many are wanted
     * @return how many were found; fewer than wanted when two rounds did not give more
     */
    public int take(IntPredicate evictable, IntPredicate testAndClearAccessed, int[] victims) {
        int taken = 0;
        // In the second round every mark that was set at the beginning is cleared: more rounds would find no more.
        for (long step = 0; step < 2L * pages && taken < victims.length; step++) {
            int page = hand;
            hand = hand + 1 == pages ? 0 : hand + 1;
            boolean takenBefore = step >= pages && contains(victims, taken, page);
            if (!takenBefore && evictable.test(page) && !testAndClearAccessed.test(page)) {
                victims[taken++] = page;
            }
        }
        return taken;
    }

    private static boolean contains(int[] victims, int count, int page) {
        for (int index = 0; index < count; index++) {
            if (victims[index] == page) {
                return true;
            }
        }
        return false;
    }
}
