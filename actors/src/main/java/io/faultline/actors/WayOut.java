package io.faultline.actors;

import java.util.function.Function;

import io.faultline.ring.EvictionBatch;

/**
 * How pages leave a memslot: protected and unmapped, or moved out. Either way nobody writes to them behind what is saved.
 * Pages are named by their index in the batch. Belongs to the memslot.
 */
sealed interface WayOut permits ProtectAndUnmap, MoveOut {
    /** Takes a page where it can be saved from; false when it has to stay for now. */
    boolean begin(EvictionBatch batch, int index);

    /** The flush after the whole batch was begun with. */
    TlbShootdown.Flush flushBegun(EvictionBatch batch, Function<TlbShootdown.Flushed, FlushAnswer<?>> answers);

    /** What that flush has to have answered before anything may be saved. */
    TlbShootdown.Flushed savesAfter();

    /** What the last flush has to have answered before the next batch may leave. */
    TlbShootdown.Flushed endsAfter();

    /** A page is to stay after all. */
    void keep(EvictionBatch batch, int index);

    /** The frame that a page is saved from. */
    long frame(EvictionBatch batch, int index);

    /** Drops a page that is saved; the caller says who takes the frames ({@link QuarantineScope}). */
    void drop(EvictionBatch batch, int index);

    /**
     * Whether pages can be reached until they are dropped: then CPUs may hold translations of them, and a second flush comes
     * before their frames are free. If not, they must come back when they are asked for.
     */
    boolean keepsReachable();
}
