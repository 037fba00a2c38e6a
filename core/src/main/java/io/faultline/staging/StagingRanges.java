package io.faultline.staging;

import java.util.ArrayDeque;

import io.faultline.memory.PageSize;

/**
 * The staging ranges there are, all alike, side by side in one mapping: every fetcher has one, and so has every
 * replacement of one that died, because of the old range pages may still be mapped and translations held. Thread-safe.
 */
public final class StagingRanges {
    private final long hva;
    private final int ranges;
    private final int slots;
    private final PageSize pageSize;
    private final ArrayDeque<StagingRange> givenBack = new ArrayDeque<>();
    private int taken;

    /**
     * @param hva where the first begins
     * @param ranges how many there are
     * @param slots of each range
     * @param pageSize of each slot
     */
    public StagingRanges(long hva, int ranges, int slots, PageSize pageSize) {
        assert ranges > 0 : ranges + " ranges";
        this.hva = hva;
        this.ranges = ranges;
        this.slots = slots;
        this.pageSize = pageSize;
    }

    /**
     * Takes one that nobody has.
     *
     * @throws IllegalStateException when all are taken
     */
    public synchronized StagingRange take() {
        StagingRange used = givenBack.poll();
        if (used != null) {
            return used;
        }
        if (taken == ranges) {
            throw new IllegalStateException("all " + ranges + " staging ranges are taken: those of fetchers that died"
                    + " come back when they were flushed, and none was");
        }
        return new StagingRange(hva + taken++ * ((long) slots << pageSize.shift()), slots, pageSize);
    }

    /** Gives one back in which nothing is mapped any more, and of which no CPU holds a translation. */
    public synchronized void give(StagingRange range) {
        givenBack.add(range);
    }
}
