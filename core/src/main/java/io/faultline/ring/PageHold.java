package io.faultline.ring;

import java.util.BitSet;

import io.faultline.memory.FramePool;

/**
 * What one unmap keeps from reuse until its flush is released: the frames, and the pages, at which nothing may be installed
 * while a CPU may still read what was there.
 *
 * <p>
 * Threading: belongs to whoever writes the memslot's entries; {@link #release} and {@link #want} may be called by any
 * thread, so that a release is not lost when the memslot dies that was to hear of it.
 */
public final class PageHold {
    private final BitSet pages = new BitSet();
    private final QuarantinedFrames frames;
    private final boolean forgotten;
    private volatile boolean released;
    private volatile boolean wanted;

    PageHold(FramePool pool, boolean forgotten) {
        this.frames = new QuarantinedFrames(pool);
        this.forgotten = forgotten;
    }

    /** The frames, to be added to by the unmap. */
    public QuarantinedFrames frames() {
        return frames;
    }

    /** Whether the pages were given back, and read as zeros once they may be installed again. */
    public boolean isForgotten() {
        return forgotten;
    }

    BitSet pages() {
        return pages;
    }

    /** The flush is released: the owner of the pages ends the hold when it looks next. */
    public void release() {
        released = true;
    }

    public boolean isReleased() {
        return released;
    }

    /**
     * Somebody needs the pages.
     *
     * @return whether nobody did before
     */
    public boolean want() {
        boolean first = !wanted;
        wanted = true;
        return first;
    }

    public boolean isWanted() {
        return wanted;
    }
}
