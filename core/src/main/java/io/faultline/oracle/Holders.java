package io.faultline.oracle;

import java.util.Arrays;

/** The slots of the translations that a violation is about. */
final class Holders {
    private static final int[] EMPTY = {};

    private int[] slots = EMPTY;
    private int count;

    void add(int slot) {
        if (count == slots.length) {
            slots = Arrays.copyOf(slots, Math.max(4, 2 * count));
        }
        slots[count++] = slot;
    }

    boolean isEmpty() {
        return count == 0;
    }

    int[] toArray() {
        return Arrays.copyOf(slots, count);
    }
}
