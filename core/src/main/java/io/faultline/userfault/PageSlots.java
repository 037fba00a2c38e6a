package io.faultline.userfault;

import java.util.Arrays;

/**
 * The pages that have waiters: an open-addressed index from page number to a small slot number.
 *
 * <p>Slots are numbered from 0 and reused, so that callers keep what belongs to a page in plain arrays. They are also
 * linked in the order they were opened, because a walk in hash order would not be deterministic. Nothing is allocated
 * but on growth. Linear probing; removal shifts the followers back, so there are no tombstones to sweep.
 */
final class PageSlots {
    static final int NONE = -1;

    private static final long FIBONACCI = 0x9E3779B97F4A7C15L;

    /** Slot number + 1 by hash position; 0 is free. Twice as many as slots, so at most half full. */
    private int[] table;

    private long[] pages;
    private int[] next;
    private int[] previous;
    private int shift;

    private int first = NONE;
    private int last = NONE;
    private int free = NONE;
    private int unused;
    private int count;

    PageSlots(int capacity) {
        int slots = Integer.highestOneBit(Math.max(8, capacity) - 1) << 1;
        pages = new long[slots];
        next = new int[slots];
        previous = new int[slots];
        table = new int[2 * slots];
        shift = Long.numberOfLeadingZeros(table.length) + 1;
    }

    int count() {
        return count;
    }

    /** How many slots there are before the next growth: the length callers' arrays need. */
    int capacity() {
        return pages.length;
    }

    /** The slot of a page, or NONE. */
    int find(long page) {
        for (int position = home(page); table[position] != 0; position = following(position)) {
            int slot = table[position] - 1;
            if (pages[slot] == page) {
                return slot;
            }
        }
        return NONE;
    }

    /** Opens a slot for a page that has none; may raise {@link #capacity()}. */
    int open(long page) {
        assert find(page) == NONE : "page " + page + " already has a slot";
        if (count == pages.length) {
            grow();
        }
        int slot = free;
        if (slot == NONE) {
            slot = unused++;
        } else {
            free = next[slot];
        }
        pages[slot] = page;
        linkLast(slot);
        place(slot);
        count++;
        return slot;
    }

    void close(int slot) {
        int position = home(pages[slot]);
        while (table[position] != slot + 1) {
            position = following(position);
        }
        removeAt(position);
        unlink(slot);
        next[slot] = free;
        free = slot;
        count--;
    }

    long page(int slot) {
        return pages[slot];
    }

    /** The slot opened longest ago, or NONE. */
    int first() {
        return first;
    }

    /** The slot opened next after this one, or NONE. */
    int after(int slot) {
        return next[slot];
    }

    private int home(long page) {
        return (int) ((page * FIBONACCI) >>> shift);
    }

    private int following(int position) {
        return (position + 1) & (table.length - 1);
    }

    private void place(int slot) {
        int position = home(pages[slot]);
        while (table[position] != 0) {
            position = following(position);
        }
        table[position] = slot + 1;
    }

    private void removeAt(int hole) {
        int mask = table.length - 1;
        for (int position = following(hole); table[position] != 0; position = following(position)) {
            int home = home(pages[table[position] - 1]);
            // The entry may fill the hole unless its home lies cyclically between the hole and where it stands.
            if (((position - home) & mask) >= ((position - hole) & mask)) {
                table[hole] = table[position];
                hole = position;
            }
        }
        table[hole] = 0;
    }

    private void linkLast(int slot) {
        previous[slot] = last;
        next[slot] = NONE;
        if (last == NONE) {
            first = slot;
        } else {
            next[last] = slot;
        }
        last = slot;
    }

    private void unlink(int slot) {
        int before = previous[slot];
        int behind = next[slot];
        if (before == NONE) {
            first = behind;
        } else {
            next[before] = behind;
        }
        if (behind == NONE) {
            last = before;
        } else {
            previous[behind] = before;
        }
    }

    private void grow() {
        int slots = Math.multiplyExact(pages.length, 2);
        pages = Arrays.copyOf(pages, slots);
        next = Arrays.copyOf(next, slots);
        previous = Arrays.copyOf(previous, slots);
        table = new int[Math.multiplyExact(slots, 2)];
        shift = Long.numberOfLeadingZeros(table.length) + 1;
        for (int slot = first; slot != NONE; slot = next[slot]) {
            place(slot);
        }
    }
}
