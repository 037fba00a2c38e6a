package io.faultline.workload;

import io.faultline.time.SplitMix;

/** Numbers pages from 0 in the order in which they are first asked for. Open addressing; not thread-safe. */
final class FirstTouchNumbers {
    private static final int SLOTS_AT_FIRST = 1 << 10;

    /** Each slot's page plus one; 0 is free. */
    private long[] pages = new long[SLOTS_AT_FIRST];
    private int[] numbers = new int[SLOTS_AT_FIRST];
    private int count;

    /**
     * Finds a page's number, or gives it the next one.
     *
     * @param page any that is neither negative nor {@link Long#MAX_VALUE}
     */
    int number(long page) {
        int slot = slot(page);
        if (pages[slot] != 0) {
            return numbers[slot];
        }
        pages[slot] = page + 1;
        numbers[slot] = count++;
        if (count > pages.length / 2) {
            grow();
        }
        return count - 1;
    }

    /** Returns how many pages there are. */
    int count() {
        return count;
    }

    private int slot(long page) {
        int mask = pages.length - 1;
        int slot = (int) SplitMix.mix(page) & mask;
        while (pages[slot] != 0 && pages[slot] != page + 1) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private void grow() {
        long[] oldPages = pages;
        int[] oldNumbers = numbers;
        pages = new long[2 * oldPages.length];
        numbers = new int[pages.length];
        for (int old = 0; old < oldPages.length; old++) {
            if (oldPages[old] != 0) {
                int slot = slot(oldPages[old] - 1);
                pages[slot] = oldPages[old];
                numbers[slot] = oldNumbers[old];
            }
        }
    }
}
