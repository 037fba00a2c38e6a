package io.faultline.tlb;

/**
 * What a lookup returns: a translation packed into a long.
 *
 * <pre>
 * 63        24 23       5 4   3  2      1         0
 * frame        generation size   dirty  writable  set
 * </pre>
 */
public final class TlbEntry {
    static final long SET = 1;
    static final long WRITABLE = 1 << 1;
    static final long DIRTY = 1 << 2;
    static final int GENERATION_FIRST = 1;
    static final int GENERATION_MAX = (1 << 19) - 1;

    private static final int SIZE_SHIFT = 3;
    private static final int GENERATION_SHIFT = 5;
    private static final int FRAME_SHIFT = 24;
    private static final int BASE_SHIFT = 12;
    private static final int SHIFT_PER_SIZE = 9;

    private TlbEntry() {}

    static long of(long frame, int sizeIndex, boolean writable, boolean dirty, int generation) {
        assert frame >= 0 && frame >>> 40 == 0 : "frame " + frame;
        return frame << FRAME_SHIFT
                | (long) generation << GENERATION_SHIFT
                | (long) sizeIndex << SIZE_SHIFT
                | (dirty ? DIRTY : 0)
                | (writable ? WRITABLE : 0)
                | SET;
    }

    static int generation(long entry) {
        return (int) (entry >>> GENERATION_SHIFT) & GENERATION_MAX;
    }

    /**
     * The frame the page starts with.
     *
     * @param entry what a lookup returned, not {@link Tlb#MISS}
     * @return the first 4 KiB frame of the page, of whatever size the page is
     */
    public static long frame(long entry) {
        return entry >>> FRAME_SHIFT;
    }

    /**
     * The frame within the page.
     *
     * @param entry what a lookup returned, not {@link Tlb#MISS}
     * @param address the address that was looked up
     * @return the 4 KiB frame that holds the address
     */
    public static long frameAt(long entry, long address) {
        long basePagesMask = (1L << (SHIFT_PER_SIZE * sizeIndex(entry))) - 1;
        return frame(entry) + (address >>> BASE_SHIFT & basePagesMask);
    }

    /**
     * The page's size.
     *
     * @param entry what a lookup returned, not {@link Tlb#MISS}
     * @return 0, 1, 2 for 4 KiB, 2 MiB, 1 GiB
     */
    public static int sizeIndex(long entry) {
        return (int) (entry >>> SIZE_SHIFT) & 3;
    }

    /**
     * The page's permission.
     *
     * @param entry what a lookup returned, not {@link Tlb#MISS}
     * @return whether the page-table entry was writable
     */
    public static boolean isWritable(long entry) {
        return (entry & WRITABLE) != 0;
    }

    /**
     * What is known of the dirty bit.
     *
     * @param entry what a lookup returned, not {@link Tlb#MISS}
     * @return whether the dirty bit was known to be set when the entry was filled
     */
    public static boolean isDirty(long entry) {
        return (entry & DIRTY) != 0;
    }
}
