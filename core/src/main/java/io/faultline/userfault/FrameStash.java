package io.faultline.userfault;

import io.faultline.memory.FramePool;
import io.faultline.memory.PageSize;

/**
 * Frames taken from the pool ahead of the installs of a batch: one lock for all of them instead of one for each. Empty
 * between batches. Not thread-safe: the port's owner owns it.
 */
final class FrameStash {
    private static final int MOST_PAGES = 256;

    private final FramePool pool;
    private final long[] frames = new long[MOST_PAGES];
    private PageSize size = PageSize.SIZE_4K;
    private int next;
    private int end;

    FrameStash(FramePool pool) {
        this.pool = pool;
    }

    /** Takes frames for pages to come, as many as the pool has and fit in here. */
    void fill(PageSize pageSize, int pages) {
        empty(); // what a batch that ended in an exception left behind
        size = pageSize;
        next = 0;
        end = pool.allocate(pageSize, frames, 0, Math.min(pages, MOST_PAGES));
    }

    /** The first frame of a new page, from here or else from the pool; -1 when there is none. */
    long allocate(PageSize pageSize) {
        return next < end && size == pageSize ? frames[next++] : pool.allocate(pageSize);
    }

    /** Gives back what nobody needed. */
    void empty() {
        while (next < end) {
            pool.release(frames[--end], size);
        }
    }
}
