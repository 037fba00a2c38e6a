package io.faultline.oracle;

import java.util.Arrays;

/**
 * An index of slots by a hash: per bucket a doubly linked list through arrays, so that one slot can stand in several
 * indexes and leave each in constant time. Slots of one bucket need not be equal; the user compares.
 */
final class Chains {
    private static final int NONE = -1;

    private int[] heads = {NONE};
    private int[] next = {};
    private int[] previous = {};
    private int[] hashes = {};
    private int size;

    void add(int slot, long key) {
        if (slot >= next.length) {
            int length = Math.max(16, Math.max(slot + 1, 2 * next.length));
            next = Arrays.copyOf(next, length);
            previous = Arrays.copyOf(previous, length);
            hashes = Arrays.copyOf(hashes, length);
        }
        if (size == heads.length) {
            rehash();
        }
        hashes[slot] = hash(key);
        link(slot);
        size++;
    }

    void remove(int slot) {
        int before = previous[slot];
        int after = next[slot];
        if (before == NONE) {
            heads[bucket(hashes[slot])] = after;
        } else {
            next[before] = after;
        }
        if (after != NONE) {
            previous[after] = before;
        }
        size--;
    }

    /** Returns the first slot that may have the key, or -1. */
    int first(long key) {
        return heads[bucket(hash(key))];
    }

    /** Returns the next slot of the same bucket, or -1. */
    int next(int slot) {
        return next[slot];
    }

    private void link(int slot) {
        int bucket = bucket(hashes[slot]);
        int head = heads[bucket];
        next[slot] = head;
        previous[slot] = NONE;
        if (head != NONE) {
            previous[head] = slot;
        }
        heads[bucket] = slot;
    }

    private void rehash() {
        int[] old = heads;
        heads = new int[2 * old.length];
        Arrays.fill(heads, NONE);
        for (int head : old) {
            int slot = head;
            while (slot != NONE) {
                int after = next[slot];
                link(slot);
                slot = after;
            }
        }
    }

    private int bucket(int hash) {
        return hash & (heads.length - 1);
    }

    private static int hash(long key) {
        return (int) ((key * 0x9E3779B97F4A7C15L) >>> 32);
    }
}
