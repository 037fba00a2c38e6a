package io.faultline.flush;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Which pages a CPU may hold translations of: a bit per hash of a page, set before the CPU reads the entry and cleared when
 * it has dropped everything. Says "perhaps" too often, "no" never wrongly. The CPU writes, anyone reads; each change is a
 * full barrier, so who changed an entry and then finds no bit knows that the CPU will read the changed entry.
 */
final class WalkFilter {
    private static final int SHIFT = 12;

    private final AtomicLongArray words;
    private int set;

    WalkFilter(int bits) {
        words = new AtomicLongArray(Math.max(1, Integer.highestOneBit(2 * bits - 1) >>> 6));
    }

    void add(int asid, long address) {
        int bit = bit(asid, address >>> SHIFT);
        long old = words.get(bit >>> 6);
        if ((old & 1L << bit) == 0) {
            words.getAndSet(bit >>> 6, old | 1L << bit);
            set++;
        }
    }

    /** After everything was dropped. */
    void clear() {
        for (int i = 0; i < words.length(); i++) {
            words.set(i, 0);
        }
        set = 0;
    }

    /** Whether so much is set that it says "perhaps" mostly by chance. Only for the CPU itself. */
    boolean isCrowded() {
        return set > words.length() * (Long.SIZE / 2);
    }

    boolean mayHold(int asid, long start, long end) {
        for (long page = start >>> SHIFT; page <= (end - 1) >>> SHIFT; page++) {
            int bit = bit(asid, page);
            if ((words.get(bit >>> 6) & 1L << bit) != 0) {
                return true;
            }
        }
        return false;
    }

    boolean mayHoldAny() {
        for (int i = 0; i < words.length(); i++) {
            if (words.get(i) != 0) {
                return true;
            }
        }
        return false;
    }

    private int bit(int asid, long page) {
        long mixed = (page + ((long) asid << 40)) * 0x9E3779B97F4A7C15L;
        return (int) (mixed >>> 32) & (words.length() * Long.SIZE - 1);
    }
}
