package io.faultline.memory;

import java.util.Arrays;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * Which units of one size are free, in groups of 512: frames in blocks, blocks in regions, regions at the top. A group
 * that is free as a whole belongs to the tier above, as one unit of it; taking a unit when no group has one splits a
 * unit of that tier, and giving the last one back merges it again. So it is a buddy allocator with 512 buddies.
 *
 * <p>
 * Not thread-safe. The order in which units come out depends only on the order of the calls.
 */
final class FreeTier {
    private static final int GROUP = 512;
    private static final int WORDS = GROUP / Long.SIZE;
    private static final int NO_GROUP = -1;

    private final @Nullable FreeTier above;
    private final long[] @Nullable [] freeBits;
    private final short[] freeCount;
    /** A doubly linked list of the groups that have some units free, most recently changed first. */
    private final int[] next;
    private final int[] previous;
    private int head = NO_GROUP;

    /**
     * Makes a tier with the units that are not part of a whole group free (without a tier above: all units).
     *
     * @param units
     *            how many units there are in all, free or not
     */
    FreeTier(long units, @Nullable FreeTier above) {
        int groups = Math.toIntExact((units + GROUP - 1) / GROUP);
        this.above = above;
        this.freeBits = new long[groups][];
        this.freeCount = new short[groups];
        this.next = new int[groups];
        this.previous = new int[groups];
        long first = above == null ? 0 : units - units % GROUP;
        for (long unit = units - 1; unit >= first; unit--) {
            give(unit);
        }
    }

    /** Takes a free unit; -1 when there is none. */
    long take() {
        if (head == NO_GROUP) {
            long whole = above == null ? -1 : above.take();
            if (whole < 0) {
                return -1;
            }
            open((int) whole);
        }
        int group = head;
        long[] bits = bits(group);
        int word = 0;
        while (bits[word] == 0) {
            word++;
        }
        int bit = Long.numberOfTrailingZeros(bits[word]);
        bits[word] &= bits[word] - 1;
        if (--freeCount[group] == 0) {
            unlink(group);
        }
        return (long) group * GROUP + word * (long) Long.SIZE + bit;
    }

    /** Gives a unit back, or a part of a unit of the tier above. */
    void give(long unit) {
        int group = (int) (unit / GROUP);
        int index = (int) (unit % GROUP);
        long[] bits = bits(group);
        long mask = 1L << index;
        assert (bits[index / Long.SIZE] & mask) == 0 : "unit " + unit + " is free already";
        bits[index / Long.SIZE] |= mask;
        if (freeCount[group]++ == 0) {
            link(group);
        }
        if (freeCount[group] == GROUP && above != null) {
            unlink(group);
            freeCount[group] = 0;
            Arrays.fill(bits, 0);
            above.give(group);
        }
    }

    private void open(int group) {
        Arrays.fill(bits(group), -1L);
        freeCount[group] = GROUP;
        link(group);
    }

    private long[] bits(int group) {
        long[] bits = freeBits[group];
        if (bits == null) {
            bits = new long[WORDS];
            freeBits[group] = bits;
        }
        return bits;
    }

    private void link(int group) {
        next[group] = head;
        previous[group] = NO_GROUP;
        if (head != NO_GROUP) {
            previous[head] = group;
        }
        head = group;
    }

    private void unlink(int group) {
        if (previous[group] == NO_GROUP) {
            head = next[group];
        } else {
            next[previous[group]] = next[group];
        }
        if (next[group] != NO_GROUP) {
            previous[next[group]] = previous[group];
        }
    }

    /** Returns what the tier takes on the heap. */
    long bytes() {
        long groupsWithBits = Arrays.stream(freeBits).filter(Objects::nonNull).count();
        return 14L * freeBits.length + groupsWithBits * (16 + 8L * WORDS);
    }
}
