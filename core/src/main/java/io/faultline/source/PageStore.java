package io.faultline.source;

import io.faultline.memory.PageBuffer;

/**
 * A page source that takes pages back: where evicted pages go, and where they are read from when they are next wanted. A
 * page that was never saved is not here, and {@link #holds} says so: the page source is asked for it instead
 * ({@link PageStores#over} does both).
 *
 * <p>Thread-safe: different pages are saved, read and asked about at once. Of one page, saves and reads come one after
 * the other; who evicts and fetches it sees to that.
 */
public interface PageStore extends PageSource {
    /**
     * Tells whether a page was saved here, so that its contents must come from here and from nowhere else. Cheap: no
     * system call. It is so from the first {@link #write} on, also when that failed: the page's earlier contents may be
     * gone and the source's are outdated, so that reading fails until a write succeeds.
     *
     * @param basePage counted in base pages of 4 KiB
     * @return false when the page source still has its contents
     */
    boolean holds(long basePage);

    /**
     * Gives back consecutive pages as they were last saved.
     *
     * @return {@code ERROR} where a page is not held, or its last save failed: never zeros, never anything older
     */
    @Override
    ReadResult read(long firstPage, PageBuffer destination);

    /**
     * Saves consecutive pages. When it answers {@code OK}, {@link #read} gives these contents until the next write.
     *
     * @param firstPage the first one, counted from the memory's beginning in pages of the buffer's size
     * @param source as many pages as it holds are saved
     * @return {@code OK}, or {@code ERROR}: then none of the pages can be read until it is saved again
     */
    ReadResult write(long firstPage, PageBuffer source);
}
