package io.faultline.ring;

import io.faultline.memory.FramePool;
import io.faultline.memory.PageBuffer;
import io.faultline.memory.PageSize;
import org.jspecify.annotations.Nullable;

/**
 * What of an eviction outlives the memslot that began it: the batch on its way out, and the frames that were unmapped and
 * may not be reused before the flush. Not thread-safe: whoever owns the memslot owns it.
 */
public final class EvictionState {
    private final QuarantinedFrames quarantined;
    private @Nullable EvictionBatch current;
    private @Nullable PageHold hold;
    private @Nullable PageBuffer saveBuffer;

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

    /**
     * Where the contents of a batch are put to be saved: made once and used for one batch after the other.
     *
     * @param pages
     *            how many there are in a batch at most, the same with every call
     */
    public PageBuffer saveBuffer(PageSize size, int pages, boolean tokens) {
        PageBuffer buffer = saveBuffer;
        if (buffer == null) {
            buffer = tokens ? PageBuffer.tokens(size, pages) : PageBuffer.bytes(size, pages);
            saveBuffer = buffer;
        }
        return buffer;
    }

    /** A batch was given up while its contents may still be being saved: the next ones need another place. */
    public void forgetSaveBuffer() {
        saveBuffer = null;
    }

    /** What the batch being unmapped keeps from reuse; null when none is. */
    public @Nullable PageHold hold() {
        return hold;
    }

    public void hold(@Nullable PageHold ofCurrent) {
        hold = ofCurrent;
    }

    /** Frames of pages that were moved out, to be given back when the flush under way is released. */
    public QuarantinedFrames quarantined() {
        return quarantined;
    }
}
