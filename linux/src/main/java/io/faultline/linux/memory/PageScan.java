package io.faultline.linux.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import io.faultline.linux.call.FileCalls;
import io.faultline.linux.call.Ioctl;
import io.faultline.linux.call.LinuxCallException;

/**
 * PAGEMAP_SCAN (Linux 6.7): the ranges of pages that are in given states; can write-protect what it finds in the same pass,
 * which together with the feature WP_ASYNC tells what was written since the last scan without a fault handler.
 *
 * <p>Threading: one owner. Source: Documentation/admin-guide/mm/pagemap.rst, linux/fs.h.
 */
public final class PageScan {
    /** In a range registered for write protection with WP_ASYNC. */
    public static final long IS_WPALLOWED = 1;
    /** Written since it was write-protected. */
    public static final long IS_WRITTEN = 1 << 1;
    /** Of a file or shared memory. */
    public static final long IS_FILE = 1 << 2;
    /** Mapped. */
    public static final long IS_PRESENT = 1 << 3;
    /** Swapped out, or a marker. */
    public static final long IS_SWAPPED = 1 << 4;
    /** The shared zero page. */
    public static final long IS_PFNZERO = 1 << 5;
    /** Part of a large page. */
    public static final long IS_HUGE = 1 << 6;

    /** struct pm_scan_arg: twelve words. */
    static final int ARGUMENT_BYTES = 96;
    /** struct page_region: start, end, categories. */
    static final int REGION_BYTES = 24;

    static final long REQUEST = Ioctl.readingAndWriting('f', 16, ARGUMENT_BYTES);

    private static final int SIZE = 0;
    private static final int FLAGS = 8;
    private static final int START = 16;
    private static final int END = 24;
    private static final int WALK_END = 32;
    private static final int VECTOR = 40;
    private static final int VECTOR_LENGTH = 48;
    private static final int CATEGORY_MASK = 72;
    private static final int RETURN_MASK = 88;

    private static final long PM_SCAN_WP_MATCHING = 1;

    private final PageMap map;
    private final MemorySegment argument = Arena.ofAuto().allocate(ARGUMENT_BYTES, Long.BYTES);
    private final MemorySegment regions;
    private final int capacity;

    /**
     * A scan with room for so many ranges.
     *
     * @param map whose descriptor it uses; outlives it
     * @param capacity how many ranges one scan answers at most
     */
    public PageScan(PageMap map, int capacity) {
        this.map = map;
        this.capacity = capacity;
        this.regions = Arena.ofAuto().allocate((long) capacity * REGION_BYTES, Long.BYTES);
    }

    /** Hears of the ranges found, in ascending order. */
    @FunctionalInterface
    public interface Found {
        /**
         * Pages in the same state.
         *
         * @param start first address
         * @param end one past the last
         * @param categories {@code IS_} bits
         */
        void range(long start, long end, long categories);
    }

    /**
     * Scans a range.
     *
     * @param start first address
     * @param end one past the last
     * @param categories {@code IS_} bits, all of which a page must have
     * @param protectFound whether to write-protect what is found
     * @param found hears of the ranges
     * @return where the scan stopped: {@code end}, or the address to go on from when there were too many ranges
     * @throws LinuxCallException when the kernel refuses: ENOTTY where it has no PAGEMAP_SCAN, EPERM when asked to protect
     *     what is not registered
     */
    public long scan(long start, long end, long categories, boolean protectFound, Found found) {
        argument.fill((byte) 0);
        set(SIZE, ARGUMENT_BYTES);
        set(FLAGS, protectFound ? PM_SCAN_WP_MATCHING : 0);
        set(START, start);
        set(END, end);
        set(VECTOR, regions.address());
        set(VECTOR_LENGTH, capacity);
        set(CATEGORY_MASK, categories);
        set(RETURN_MASK, IS_WPALLOWED | IS_WRITTEN | IS_FILE | IS_PRESENT | IS_SWAPPED | IS_PFNZERO | IS_HUGE);
        long count = LinuxCallException.check(
                FileCalls.ioctl(map.descriptor(), REQUEST, argument),
                "PAGEMAP_SCAN from 0x" + Long.toHexString(start) + " to 0x" + Long.toHexString(end));
        for (long region = 0; region < count * REGION_BYTES; region += REGION_BYTES) {
            found.range(word(region), word(region + 8), word(region + 16));
        }
        return argument.get(ValueLayout.JAVA_LONG, WALK_END);
    }

    private void set(int offset, long value) {
        argument.set(ValueLayout.JAVA_LONG, offset, value);
    }

    private long word(long offset) {
        return regions.get(ValueLayout.JAVA_LONG, offset);
    }
}
