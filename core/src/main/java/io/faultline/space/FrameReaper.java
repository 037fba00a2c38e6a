package io.faultline.space;

import io.faultline.memory.Entry;
import io.faultline.memory.FramePool;

/**
 * Takes over the reference of a leaf that was unmapped: releases it, or keeps it in quarantine until the flush. Called
 * after {@link MappingObserver#changed}, by the writer of the range.
 */
@FunctionalInterface
public interface FrameReaper {
    /**
     * Takes over one reference to each frame of the leaf.
     *
     * @param entry
     *            the leaf as it was taken out of the table, with its last accessed and dirty bits
     */
    void reap(long entry);

    /** Returns one that releases at once: right where nothing caches translations. */
    static FrameReaper releasingTo(FramePool frames) {
        return entry -> frames.release(Entry.frame(entry), Entry.size(entry));
    }
}
