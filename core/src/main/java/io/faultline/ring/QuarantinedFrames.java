package io.faultline.ring;

import java.util.ArrayList;
import java.util.List;

import io.faultline.memory.Entry;
import io.faultline.memory.FramePool;
import io.faultline.memory.PageSize;
import io.faultline.space.FrameReaper;

/**
 * Frames that were unmapped and may still be reached through stale translations: they are held in the pool's quarantine
 * until the flush is over. Not thread-safe: whoever unmaps owns it.
 */
public final class QuarantinedFrames implements FrameReaper {
    private record Leaf(long frame, PageSize size) {}

    private final FramePool frames;
    private final List<Leaf> leaves = new ArrayList<>();
    private long basePages;

    /**
     * @param frames
     *            where the frames come from and go back to
     */
    public QuarantinedFrames(FramePool frames) {
        this.frames = frames;
    }

    @Override
    public void reap(long entry) {
        Leaf leaf = new Leaf(Entry.frame(entry), Entry.size(entry));
        frames.quarantine(leaf.frame(), leaf.size());
        leaves.add(leaf);
        basePages += leaf.size().basePages();
    }

    /** How many frames are held. */
    public long basePages() {
        return basePages;
    }

    /** Gives all of them back: no CPU can reach them any more. */
    public void end() {
        for (Leaf leaf : leaves) {
            frames.endQuarantine(leaf.frame(), leaf.size());
        }
        leaves.clear();
        basePages = 0;
    }
}
