package io.faultline.source;

import io.faultline.memory.PageBuffer;

/**
 * Where pages' bytes come from.
 *
 * <p>Thread-safe: {@link #read} is called by several threads at once, also for the same page. The same page always has
 * the same contents, unless {@link #isLatest} says that they changed. A source neither waits on purpose nor retries:
 * latency, rate, stalls and retries are the world's and the fetcher's.
 */
public interface PageSource extends AutoCloseable {
    /** Returns what to call it in reports and messages, on one line. */
    String name();

    /**
     * Fills the buffer with consecutive pages.
     *
     * @param firstPage the first one, counted from the memory's beginning in pages of the buffer's size
     * @param destination as many pages as it holds are read: their bytes, or for a buffer of tokens one 64-bit token per
     *         base page that depends on nothing but the page's contents
     * @return what was read; after {@code SHORT} or {@code ERROR} the buffer's other pages hold anything
     */
    ReadResult read(long firstPage, PageBuffer destination);

    /**
     * Tells whether {@link #read} may block its thread, as in a system call; the world then calls it on threads kept for
     * that.
     */
    boolean blocking();

    /**
     * Tells whether a page that was read before is still what the source would give now. Asked before a page that is
     * already in the page cache is mapped (a minor fault).
     *
     * @param page counted in base pages of 4 KiB
     * @return true, unless the source knows better
     */
    default boolean isLatest(long page) {
        return true;
    }

    /** Gives back what it holds. Called once, when no read is under way and none will follow. */
    @Override
    void close();
}
