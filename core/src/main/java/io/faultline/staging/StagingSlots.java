package io.faultline.staging;

import java.util.BitSet;

/**
 * Which slots of a fetcher's staging range are free, and which of those a page was moved out of: whoever takes one of
 * these reuses a virtual range. The last slot given back is taken first, so that no more memory is touched than was ever
 * in use at once. Not thread-safe: the fetcher owns it.
 */
public final class StagingSlots {
    private final StagingRange range;
    private final int[] free;
    private final BitSet left = new BitSet();
    private int freeCount;

    /**
     * @param range all of whose slots are free
     */
    public StagingSlots(StagingRange range) {
        this.range = range;
        free = new int[range.slots()];
        for (int slot = range.slots() - 1; slot >= 0; slot--) {
            free[freeCount++] = slot;
        }
    }

    /** {@return the range} */
    public StagingRange range() {
        return range;
    }

    /** {@return a free slot; credits see to it that there is one} */
    public int take() {
        assert freeCount > 0 : "all " + range.slots() + " staging slots are taken, quarantined ones included";
        return free[--freeCount];
    }

    /**
     * Tells whether a page was moved out of a slot just taken, so that its range is being reused; forgets it.
     *
     * @param slot taken
     */
    public boolean isReused(int slot) {
        boolean reused = left.get(slot);
        left.clear(slot);
        return reused;
    }

    /**
     * Gives a slot back.
     *
     * @param slot taken before
     * @param moved whether a page was moved out of it; its range has been flushed since
     */
    public void give(int slot, boolean moved) {
        assert freeCount < free.length : "slot " + slot + " given back twice";
        free[freeCount++] = slot;
        if (moved) {
            left.set(slot);
        }
    }

    /** {@return slots taken and not given back} */
    public int inUse() {
        return free.length - freeCount;
    }
}
