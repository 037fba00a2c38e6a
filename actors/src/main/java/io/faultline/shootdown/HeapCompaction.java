package io.faultline.shootdown;

import io.faultline.time.SplitMix;
import org.jspecify.annotations.Nullable;

/**
 * A garbage collector that compacts a heap while its threads run: the collector write-protects a region that all have
 * read, then moves its live pages away, region after region. The threads could still reach the old place, so neither flush
 * may be put off.
 *
 * @param name what the user calls it
 * @param pages of a region
 * @param regions how many
 * @param readsAmong of how many shared pages the other threads read; 0: they only compute
 */
public record HeapCompaction(String name, int pages, int regions, int readsAmong) implements MemoryWorkload {
    private static final long TRACE_PAGE_NANOS = 500;

    /** Checks the numbers. */
    public HeapCompaction {
        if (pages < 1 || regions < 1 || readsAmong < 0) {
            throw new IllegalArgumentException(name + ": " + regions + " regions of " + pages + " pages, " + readsAmong
                    + " shared pages");
        }
    }

    @Override
    public @Nullable ThreadScript script(int cpu, int cpus, SplitMix random) {
        return cpu == 0 ? new Collector() : null;
    }

    @Override
    public @Nullable ThreadScript background(int cpu, int cpus, SplitMix random) {
        return readsAmong == 0 ? null : new BackgroundReads(readsAmong);
    }

    /** Protects, looks for what lives, moves. */
    private final class Collector implements ThreadScript {
        private static final int STEPS = 3;

        private int step = -1;

        @Override
        public @Nullable ThreadStep next() {
            step++;
            if (step / STEPS == regions) {
                return null;
            }
            return switch (step % STEPS) {
                case 0 -> new ThreadStep.Call(MemoryCall.MPROTECT, pages, pages, true, false);
                case 1 -> new ThreadStep.Compute(TRACE_PAGE_NANOS * pages);
                default -> new ThreadStep.Call(MemoryCall.MOVE_OUT, pages, pages, true, false);
            };
        }
    }
}
