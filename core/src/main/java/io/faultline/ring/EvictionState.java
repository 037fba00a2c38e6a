package io.faultline.ring;

import java.util.ArrayList;
import java.util.List;

import io.faultline.memory.PageSize;
import org.jspecify.annotations.Nullable;

/**
 * What of an eviction outlives the memslot that began it: the batch on its way out, and the frames that were unmapped and
 * may not be reused before the flush. Not thread-safe: whoever owns the memslot owns it.
 */
public final class EvictionState {
    /** Frames that one leaf of the page table mapped. */
    public record Leaf(long frame, PageSize size) {}

    private final List<Leaf> quarantined = new ArrayList<>();
    private @Nullable EvictionBatch current;

    /** The batch on its way out, or null. */
    public @Nullable EvictionBatch current() {
        return current;
    }

    public void current(@Nullable EvictionBatch batch) {
        current = batch;
    }

    /** Frames to be given back when the flush under way is released. */
    public List<Leaf> quarantined() {
        return quarantined;
    }
}
