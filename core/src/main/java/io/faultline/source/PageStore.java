package io.faultline.source;

import io.faultline.memory.PageBuffer;

/** A page source that takes pages back: where evicted pages go. Thread-safe as a source is. */
public interface PageStore extends PageSource {
    /**
     * Saves consecutive pages. When it answers {@code OK}, {@link #read} gives these contents until the next write.
     *
     * @param firstPage the first one, counted from the memory's beginning in pages of the buffer's size
     * @param source as many pages as it holds are saved
     * @return how many were saved; those beyond are unchanged or unknown
     */
    ReadResult write(long firstPage, PageBuffer source);
}
