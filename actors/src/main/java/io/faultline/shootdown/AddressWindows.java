package io.faultline.shootdown;

import java.util.ArrayDeque;

import io.faultline.memory.PageSize;

/**
 * The ranges in which one thread maps, receives and drops pages, taken in turns: one comes back when the flush policy has
 * released it. Windows of one size only, in a part of the address space that is this thread's own.
 */
final class AddressWindows {
    /** More than any policy holds back, so that quarantine is short of room only where its parameters make it so. */
    private static final int WINDOWS_MOST = 8192;
    /** Together; half of the frames there are. */
    private static final int PAGES_MOST = 1 << 19;
    private static final int REGION_SHIFT = 36;

    private final long base;
    private final ArrayDeque<Long> free = new ArrayDeque<>();
    private int pages;
    private int made;

    AddressWindows(int cpu) {
        base = (cpu + 1L) << REGION_SHIFT;
    }

    /**
     * Takes the one that has been free for longest.
     *
     * @return its first byte, or -1 when all wait for their release
     */
    long take(int size) {
        if (size != pages) {
            if (made != free.size()) {
                return -1; // The others come back first.
            }
            pages = size;
            made = 0;
            free.clear();
        }
        if (made < most()) {
            return base + (long) made++ * bytes();
        }
        Long start = free.poll();
        return start == null ? -1 : start;
    }

    private int most() {
        return Math.clamp(PAGES_MOST / pages, 2, WINDOWS_MOST);
    }

    private long bytes() {
        return (long) pages << PageSize.BASE_SHIFT;
    }

    void giveBack(long start) {
        free.add(start);
    }

    /** Whether it has been used before. */
    boolean isUsedAgain() {
        return made == most();
    }

    /** Where moved pages go: one range, emptied after each call. */
    long destination() {
        return base + (1L << (REGION_SHIFT - 1));
    }

    /** What all threads of the process read. */
    static long common() {
        return 1L << (REGION_SHIFT - 1);
    }
}
