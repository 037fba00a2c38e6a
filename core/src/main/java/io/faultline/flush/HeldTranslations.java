package io.faultline.flush;

import java.util.BitSet;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * Which CPUs hold translations of which pages, exactly: each TLB tells what it fills and drops. A translation is named by a
 * long, its size, address space and page, in that order. Not thread-safe.
 */
final class HeldTranslations {
    static final int SIZES = 3;

    private static final int BASE_SHIFT = 12;
    private static final int SHIFT_PER_SIZE = 9;
    private static final int ASID_SHIFT = 40;
    private static final int SIZE_SHIFT = 60;
    private static final long PAGE_MASK = (1L << ASID_SHIFT) - 1;

    private final TreeMap<Long, BitSet> holders = new TreeMap<>();

    static long key(int asid, long address, int sizeIndex) {
        return (long) sizeIndex << SIZE_SHIFT | (long) asid << ASID_SHIFT
                | address >>> shift(sizeIndex) << (shift(sizeIndex) - BASE_SHIFT);
    }

    static int asid(long key) {
        return (int) (key >>> ASID_SHIFT) & (1 << (SIZE_SHIFT - ASID_SHIFT)) - 1;
    }

    static long address(long key) {
        return (key & PAGE_MASK) << BASE_SHIFT;
    }

    static int sizeIndex(int shift) {
        return (shift - BASE_SHIFT) / SHIFT_PER_SIZE;
    }

    static int shift(int sizeIndex) {
        return BASE_SHIFT + SHIFT_PER_SIZE * sizeIndex;
    }

    /** Log2 of the page's size. */
    static int shiftOf(long key) {
        return shift((int) (key >>> SIZE_SHIFT));
    }

    void filled(int cpu, long key) {
        holders.computeIfAbsent(key, _ -> new BitSet()).set(cpu);
    }

    void dropped(int cpu, long key) {
        holders.computeIfPresent(key, (_, cpus) -> {
            cpus.clear(cpu);
            return cpus.isEmpty() ? null : cpus;
        });
    }

    /** Tells of every translation held that covers a byte of the range, and by whom. */
    void inRange(int asid, long start, long end, BiConsumer<Long, BitSet> to) {
        for (int size = 0; size < SIZES; size++) {
            holders.subMap(key(asid, start, size), true, key(asid, end - 1, size), true).forEach(to);
        }
    }
}
