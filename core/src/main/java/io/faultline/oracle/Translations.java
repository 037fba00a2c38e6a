package io.faultline.oracle;

import java.util.Arrays;

/**
 * The translations that TLBs hold at present, a slot each, in arrays. Found by CPU and page, by page, and by frame.
 */
final class Translations {
    static final int NONE = -1;
    static final int SIZES = 3;
    static final long NO_DEADLINE = Long.MAX_VALUE;

    private static final int BASE_SHIFT = 12;
    private static final int SHIFT_PER_SIZE = 9;

    private int[] cpus = new int[16];
    private long[] pages = new long[16];
    private long[] frames = new long[16];
    private boolean[] writable = new boolean[16];
    private long[] filledSequences = new long[16];
    private long[] filledNanos = new long[16];

    /** When the mapping changed after the fill; {@link Violation#NEVER} while the translation is true. */
    private long[] staleNanos = new long[16];

    /** Whether nobody is supposed to use the stale translation, so that it is held against no one until it is used. */
    private boolean[] unreachable = new boolean[16];

    /** The number of the change that made the translation stale. */
    private long[] staleSequences = new long[16];

    /** From when on a deferred flush is late, in time or in ticks of the CPU; {@link #NO_DEADLINE} when none is due. */
    private long[] deadlines = new long[16];

    /** When someone was told that this translation is gone. */
    private long[] coveredNanos = new long[16];

    /** The bits of the invariants that a use would violate. */
    private byte[] doomed = new byte[16];

    private final Chains byCpuAndPage = new Chains();
    private final Chains byPage = new Chains();
    private final Chains byFrame = new Chains();
    private final Chains staleByCpu = new Chains();
    private int[] free = new int[16];
    private int freeCount;
    private int slots;
    private int live;
    private final long[] liveOfSize = new long[SIZES];

    private final SampledPages watched;
    private final Watchlist watchlist;

    Translations() {
        this(SampledPages.ALL, Watchlist.NONE);
    }

    /**
     * @param watched translations of other pages are never added
     * @param watchlist is told of the frames held, and of CPUs that hold what is stale or doomed
     */
    Translations(SampledPages watched, Watchlist watchlist) {
        this.watched = watched;
        this.watchlist = watchlist;
    }

    /** What a page is called here: its address space, number and size in one word. */
    static long page(int asid, long address, int sizeIndex) {
        return (address >>> shift(sizeIndex) << 22) | ((long) asid << 2) | (sizeIndex + 1);
    }

    static int asid(long page) {
        return (int) (page >>> 2) & 0xFFFFF;
    }

    static long address(long page) {
        return page >>> 22 << shift(sizeIndex(page));
    }

    static int sizeIndex(long page) {
        return (int) (page & 3) - 1;
    }

    static int shift(int sizeIndex) {
        return BASE_SHIFT + SHIFT_PER_SIZE * sizeIndex;
    }

    static long basePages(int sizeIndex) {
        return 1L << (SHIFT_PER_SIZE * sizeIndex);
    }

    void add(int cpu, long page, long frame, boolean mayWrite, long sequence, long nanos) {
        int slot = freeCount > 0 ? free[--freeCount] : newSlot();
        cpus[slot] = cpu;
        pages[slot] = page;
        frames[slot] = frame;
        writable[slot] = mayWrite;
        filledSequences[slot] = sequence;
        filledNanos[slot] = nanos;
        staleNanos[slot] = Violation.NEVER;
        unreachable[slot] = false;
        deadlines[slot] = NO_DEADLINE;
        coveredNanos[slot] = Violation.NEVER;
        doomed[slot] = 0;
        byCpuAndPage.add(slot, cpuAndPage(cpu, page));
        byPage.add(slot, page);
        byFrame.add(slot, frameKey(frame, sizeIndex(page)));
        watchlist.held(frame, basePages(sizeIndex(page)));
        live++;
        liveOfSize[sizeIndex(page)]++;
    }

    void remove(int slot) {
        if (isStale(slot)) {
            staleByCpu.remove(slot);
        }
        if (isSuspect(slot)) {
            watchlist.cleared(cpus[slot]);
        }
        watchlist.letGo(frames[slot], basePages(sizeIndex(pages[slot])));
        byCpuAndPage.remove(slot);
        byPage.remove(slot);
        byFrame.remove(slot);
        liveOfSize[sizeIndex(pages[slot])]--;
        live--;
        pages[slot] = 0;
        if (freeCount == free.length) {
            free = Arrays.copyOf(free, 2 * freeCount);
        }
        free[freeCount++] = slot;
    }

    /** Returns the slot of a CPU's translation of exactly this page, or -1. */
    int find(int cpu, long page) {
        int slot = byCpuAndPage.first(cpuAndPage(cpu, page));
        while (slot != NONE && (cpus[slot] != cpu || pages[slot] != page)) {
            slot = byCpuAndPage.next(slot);
        }
        return slot;
    }

    /** Returns the slots of the translations that cover any byte of a range. */
    int[] inRange(int asid, long start, long end) {
        var found = new Holders();
        if (probes(start, end, BASE_SHIFT) >= live) {
            for (int slot = 0; slot < slots; slot++) {
                long page = pages[slot];
                if (page != 0
                        && asid(page) == asid
                        && address(page) < end
                        && address(page) + (1L << shift(sizeIndex(page))) > start) {
                    found.add(slot);
                }
            }
            return found.toArray();
        }
        for (int size = 0; size < SIZES; size++) {
            if (liveOfSize[size] > 0) {
                for (long at = start >>> shift(size); at <= (end - 1) >>> shift(size); at++) {
                    if (!watched.isWatched(at << shift(size), shift(size))) {
                        continue;
                    }
                    long page = page(asid, at << shift(size), size);
                    for (int slot = byPage.first(page); slot != NONE; slot = byPage.next(slot)) {
                        if (pages[slot] == page) {
                            found.add(slot);
                        }
                    }
                }
            }
        }
        return found.toArray();
    }

    /** Returns the slots of the translations that lead to any of the frames. */
    int[] ofFrames(long first, long basePages) {
        var found = new Holders();
        if (basePages >= live) {
            for (int slot = 0; slot < slots; slot++) {
                if (pages[slot] != 0
                        && frames[slot] < first + basePages
                        && frames[slot] + basePages(sizeIndex(pages[slot])) > first) {
                    found.add(slot);
                }
            }
            return found.toArray();
        }
        for (int size = 0; size < SIZES; size++) {
            if (liveOfSize[size] > 0) {
                long step = basePages(size);
                for (long frame = first & -step; frame < first + basePages; frame += step) {
                    for (int slot = byFrame.first(frameKey(frame, size)); slot != NONE; slot = byFrame.next(slot)) {
                        if (frames[slot] == frame && sizeIndex(pages[slot]) == size) {
                            found.add(slot);
                        }
                    }
                }
            }
        }
        return found.toArray();
    }

    int cpu(int slot) {
        return cpus[slot];
    }

    long page(int slot) {
        return pages[slot];
    }

    long frame(int slot) {
        return frames[slot];
    }

    boolean isWritable(int slot) {
        return writable[slot];
    }

    long filledSequence(int slot) {
        return filledSequences[slot];
    }

    long filledNanos(int slot) {
        return filledNanos[slot];
    }

    boolean isStale(int slot) {
        return staleNanos[slot] != Violation.NEVER;
    }

    long staleNanos(int slot) {
        return staleNanos[slot];
    }

    void stale(int slot, long sequence, long nanos, boolean isUnreachable) {
        suspect(slot);
        staleSequences[slot] = sequence;
        staleNanos[slot] = nanos;
        unreachable[slot] = isUnreachable;
        staleByCpu.add(slot, cpus[slot]);
    }

    long staleSequence(int slot) {
        return staleSequences[slot];
    }

    /** Returns a CPU's stale translations of an address space. */
    int[] staleOf(int cpu, int asid) {
        var found = new Holders();
        for (int slot = staleByCpu.first(cpu); slot != NONE; slot = staleByCpu.next(slot)) {
            if (cpus[slot] == cpu && asid(pages[slot]) == asid) {
                found.add(slot);
            }
        }
        return found.toArray();
    }

    long deadline(int slot) {
        return deadlines[slot];
    }

    void deadline(int slot, long deadline) {
        deadlines[slot] = deadline;
    }

    boolean isUnreachable(int slot) {
        return unreachable[slot];
    }

    boolean isCovered(int slot) {
        return coveredNanos[slot] != Violation.NEVER;
    }

    long coveredNanos(int slot) {
        return coveredNanos[slot];
    }

    void covered(int slot, long nanos) {
        coveredNanos[slot] = nanos;
    }

    boolean isDoomed(int slot, Invariant invariant) {
        return (doomed[slot] & invariant.bit()) != 0;
    }

    void doom(int slot, Invariant invariant) {
        suspect(slot);
        doomed[slot] |= (byte) invariant.bit();
    }

    boolean isDoomed(int slot) {
        return doomed[slot] != 0;
    }

    private boolean isSuspect(int slot) {
        return isStale(slot) || isDoomed(slot);
    }

    private void suspect(int slot) {
        if (!isSuspect(slot)) {
            watchlist.suspected(cpus[slot]);
        }
    }

    int live() {
        return live;
    }

    private int newSlot() {
        if (slots == cpus.length) {
            int length = 2 * slots;
            cpus = Arrays.copyOf(cpus, length);
            pages = Arrays.copyOf(pages, length);
            frames = Arrays.copyOf(frames, length);
            writable = Arrays.copyOf(writable, length);
            filledSequences = Arrays.copyOf(filledSequences, length);
            filledNanos = Arrays.copyOf(filledNanos, length);
            staleNanos = Arrays.copyOf(staleNanos, length);
            unreachable = Arrays.copyOf(unreachable, length);
            staleSequences = Arrays.copyOf(staleSequences, length);
            deadlines = Arrays.copyOf(deadlines, length);
            coveredNanos = Arrays.copyOf(coveredNanos, length);
            doomed = Arrays.copyOf(doomed, length);
        }
        return slots++;
    }

    private static long probes(long start, long end, int shift) {
        return ((end - 1) >>> shift) - (start >>> shift) + 1;
    }

    private static long cpuAndPage(int cpu, long page) {
        return page + cpu * 0xD1B54A32D192ED03L;
    }

    private static long frameKey(long frame, int sizeIndex) {
        return (frame << 2) | sizeIndex;
    }
}
