package io.faultline.ring;

import io.faultline.memory.FramePool;
import org.jspecify.annotations.Nullable;

/**
 * What of an eviction outlives the memslot that began it: the batch on its way out, and the frames that were unmapped and
 * may not be reused before the flush. Not thread-safe: whoever owns the memslot owns it.
 */
public final class EvictionState {
    private final QuarantinedFrames quarantined;
    private @Nullable EvictionBatch current;

    /**
     * @param frames
     *            the pool of the frames that are unmapped
     */
    public EvictionState(FramePool frames) {
        this.quarantined = new QuarantinedFrames(frames);
    }

    /** The batch on its way out, or null. */
    public @Nullable EvictionBatch current() {
        return current;
    }

    public void current(@Nullable EvictionBatch batch) {
        current = batch;
    }

    /** Frames to be given back when the flush under way is released. */
    public QuarantinedFrames quarantined() {
        return quarantined;
    }
}
