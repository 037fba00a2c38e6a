package io.faultline.verify;

import io.faultline.memory.ChunkedLongs;

/**
 * For every base page how many writes of it were started and how many were completed, kept outside the guest's memory.
 * 16 bytes per page, in parts that come into being when first written.
 *
 * <p>Thread-safe and without locks. Counting has the order of a volatile access: who sees a write counted as completed
 * sees the write, and who sees the write sees it counted as started.
 */
public final class PageCounters {
    private final long pages;
    private final ChunkedLongs counts;

    /**
     * Counters at zero.
     *
     * @param pages how many base pages of 4 KiB the memory has
     */
    public PageCounters(long pages) {
        this.pages = pages;
        counts = new ChunkedLongs(2 * pages);
    }

    /** Returns how many base pages are counted. */
    public long pages() {
        return pages;
    }

    /**
     * Counts a write that is about to happen.
     *
     * @param page a base page
     */
    public void started(long page) {
        counts.getAndAdd(2 * page, 1);
    }

    /**
     * Counts a write that has happened.
     *
     * @param page a base page
     */
    public void completed(long page) {
        long before = counts.getAndAdd(2 * page + 1, 1);
        assert before != startedCount(page) : "page " + page + ": more writes completed than started";
    }

    /**
     * Returns how many writes were started; what was read before it in program order stays before it.
     *
     * @param page a base page
     */
    public long startedCount(long page) {
        return counts.getAcquire(2 * page);
    }

    /**
     * Returns how many writes were completed; what is read after it in program order stays after it.
     *
     * @param page a base page
     */
    public long completedCount(long page) {
        return counts.getAcquire(2 * page + 1);
    }

    /** Begins a page's counts elsewhere than at zero, to test what happens when they wrap. */
    void begin(long page, long count) {
        counts.setRelease(2 * page, count);
        counts.setRelease(2 * page + 1, count);
    }
}
