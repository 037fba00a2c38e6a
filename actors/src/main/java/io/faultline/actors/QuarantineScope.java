package io.faultline.actors;

import io.faultline.space.FrameReaper;

/**
 * Who takes over the frames that an operation on the address space unmaps. The address space has one reaper, but several
 * memslots and its owner unmap in their own ranges at the same time: each says for the time of its call who it is.
 */
final class QuarantineScope {
    private static final ScopedValue<FrameReaper> COLLECTOR = ScopedValue.newInstance();

    private QuarantineScope() {}

    /** Has {@code collector} take over whatever {@code operation} unmaps. */
    static void collect(FrameReaper collector, Runnable operation) {
        ScopedValue.where(COLLECTOR, collector).run(operation);
    }

    /** The address space's reaper. */
    static void reap(long entry) {
        if (!COLLECTOR.isBound()) {
            throw new IllegalStateException("pages were unmapped outside any operation that flushes them");
        }
        COLLECTOR.get().reap(entry);
    }
}
