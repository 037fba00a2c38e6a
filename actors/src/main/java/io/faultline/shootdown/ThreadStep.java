package io.faultline.shootdown;

/** One thing a thread does. */
public sealed interface ThreadStep {
    /**
     * A system call on pages that the thread has written to before, which is not counted as the call's time.
     *
     * @param call which one
     * @param pages how many, neighbours of each other
     * @param pagesPerFlush after how many of them the call flushes, at most {@code pages}: a kernel that flushes page by page
     *     has 1
     * @param touchedByAll whether the threads of all other CPUs have read the pages before, so that their TLBs hold them
     * @param lruLocked whether the kernel takes the LRU lock twice in it: to drain the CPU's batch of new pages into the
     *     list, and to take the freed ones out again
     */
    record Call(MemoryCall call, int pages, int pagesPerFlush, boolean touchedByAll, boolean lruLocked)
            implements ThreadStep {
        /** Checks the numbers. */
        public Call {
            if (pages < 1 || pagesPerFlush < 1 || pagesPerFlush > pages) {
                throw new IllegalArgumentException(call + " of " + pages + " pages, flushed every " + pagesPerFlush);
            }
        }
    }

    /**
     * First touches of anonymous memory, which the kernel resolves by itself. The pages are not kept.
     *
     * @param pages how many
     */
    record Fault(int pages) implements ThreadStep {}

    /**
     * Reads of pages that all threads share, drawn at random: they hit the TLB, or refill it.
     *
     * @param pages how many reads
     * @param among of how many pages
     */
    record Read(int pages, int among) implements ThreadStep {}

    /**
     * Computing, in user mode.
     *
     * @param nanos how long
     */
    record Compute(long nanos) implements ThreadStep {}

    /**
     * Sleeping: the CPU idles lazily, with the address space's tables still loaded.
     *
     * @param nanos how long
     */
    record Sleep(long nanos) implements ThreadStep {}
}
