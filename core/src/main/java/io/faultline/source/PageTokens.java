package io.faultline.source;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.ArrayBlockingQueue;

import io.faultline.memory.PageSize;
import io.faultline.time.SplitMix;

/** Makes tokens from bytes, with scratch memory that is lent out and reused. Thread-safe. */
final class PageTokens {
    private static final long SCRATCH_BYTES = 16 * PageSize.BASE_BYTES;
    /** As many as could be in use at once on a large machine; beyond that, scratch is left to the collector. */
    private static final int SCRATCH_KEPT = 64;
    private static final long FACTOR = 0x9E3779B97F4A7C15L;

    private final ArrayBlockingQueue<MemorySegment> scratches = new ArrayBlockingQueue<>(SCRATCH_KEPT);

    MemorySegment borrowScratch() {
        MemorySegment scratch = scratches.poll();
        return scratch != null ? scratch : Arena.ofAuto().allocate(SCRATCH_BYTES, Long.BYTES);
    }

    void giveBack(MemorySegment scratch) {
        // Refused when there are enough already; this one is then garbage.
        scratches.offer(scratch);
    }

    /** Hashes the base page that begins at the offset. */
    static long of(MemorySegment bytes, long offset) {
        long hash = FACTOR;
        for (long at = offset; at < offset + PageSize.BASE_BYTES; at += Long.BYTES) {
            hash = (hash ^ bytes.get(ValueLayout.JAVA_LONG_UNALIGNED, at)) * FACTOR;
            hash ^= hash >>> 32;
        }
        return SplitMix.mix(hash);
    }
}
