package io.faultline.tlb;

/**
 * What a translation is found by, packed into a long that is never 0.
 *
 * <pre>
 * 63         22 21       2 1         0
 * page number   asid       size index + 1
 * </pre>
 */
final class TlbKey {
    static final int ADDRESS_BITS = 52;
    static final int ASID_BITS = 20;

    private static final int ASID_SHIFT = 2;
    private static final int PAGE_SHIFT = ASID_SHIFT + ASID_BITS;
    private static final int BASE_SHIFT = 12;
    private static final int SHIFT_PER_SIZE = 9;

    private TlbKey() {}

    static long of(int asid, long address, int sizeIndex) {
        return (address >>> shift(sizeIndex) << PAGE_SHIFT) | ((long) asid << ASID_SHIFT) | (sizeIndex + 1);
    }

    /** The same for the four pages of an aligned group. */
    static long neighbourhood(long key) {
        return key & ~(3L << PAGE_SHIFT);
    }

    static int asid(long key) {
        return (int) (key >>> ASID_SHIFT) & Tlb.ASID_MAX;
    }

    static int sizeIndex(long key) {
        return (int) (key & 3) - 1;
    }

    static long address(long key) {
        return key >>> PAGE_SHIFT << shift(sizeIndex(key));
    }

    static long pageStart(long address, int sizeIndex) {
        return address >>> shift(sizeIndex) << shift(sizeIndex);
    }

    static int shift(int sizeIndex) {
        return BASE_SHIFT + SHIFT_PER_SIZE * sizeIndex;
    }

    static int sizeIndexOfShift(int shift) {
        return (shift - BASE_SHIFT) / SHIFT_PER_SIZE;
    }
}
