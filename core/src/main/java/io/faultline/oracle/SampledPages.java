package io.faultline.oracle;

import io.faultline.time.SplitMix;

/**
 * Which pages are watched: one of each 2^k neighbours, drawn by the seed. So whether a page is takes a few operations, a
 * range of any length is told from one without a watched page as fast, and no memory is too small to have one. Immutable.
 */
final class SampledPages {
    /** Each page. */
    static final SampledPages ALL = new SampledPages(0, 0, 0);

    private final long seed;
    private final int pageShift;
    private final int blockShift;
    private final long mask;

    /**
     * @param pageShift of the pages that are drawn; smaller ones within are watched with them
     * @param blockShift k: one page of 2^k is watched
     */
    SampledPages(long seed, int pageShift, int blockShift) {
        this.seed = SplitMix.mix(seed);
        this.pageShift = pageShift;
        this.blockShift = blockShift;
        this.mask = (1L << blockShift) - 1;
    }

    int pageShift() {
        return pageShift;
    }

    boolean isWatched(long address) {
        long page = address >>> pageShift;
        return (page & mask) == drawn(page >>> blockShift);
    }

    /** Whether any byte of a page of some size, of which this is the first, is watched. */
    boolean isWatched(long start, int shift) {
        return shift <= pageShift ? isWatched(start) : isAnyWatched(start, start + (1L << shift));
    }

    boolean isAnyWatched(long start, long end) {
        if (start >= end) {
            return false;
        }
        long first = start >>> pageShift;
        long last = (end - 1) >>> pageShift;
        if (last - first >= 2 * mask) {
            return true;
        }
        for (long block = first >>> blockShift; block <= last >>> blockShift; block++) {
            long page = (block << blockShift) + drawn(block);
            if (page >= first && page <= last) {
                return true;
            }
        }
        return false;
    }

    private long drawn(long block) {
        return (((block + seed) * 0x9E3779B97F4A7C15L) >>> 32) & mask;
    }
}
