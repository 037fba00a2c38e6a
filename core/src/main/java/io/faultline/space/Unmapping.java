package io.faultline.space;

import java.util.Arrays;

import io.faultline.memory.Entry;
import io.faultline.memory.PageSize;
import io.faultline.memory.PageTable;

/**
 * One operation that takes leaves out of the HVA table: unhook, tell, give the frames away, in parts of a bounded
 * number of leaves. (Linux's mmu_gather, whose order it is: a frame may go only after the flush was asked for.)
 */
final class Unmapping {
    private static final int LEAVES_MAX = 8192;

    private final PageTable hva;
    private final MappingChange kind;
    private final boolean keepWriteProtection;
    private final Observers observers;
    private final FrameReaper reaper;

    private long[] leaves = new long[16];
    private int count;
    private long pages;
    private long pagesTotal;
    private long partStart;

    Unmapping(PageTable hva, MappingChange kind, boolean keepWriteProtection, Observers observers,
            FrameReaper reaper) {
        this.hva = hva;
        this.kind = kind;
        this.keepWriteProtection = keepWriteProtection;
        this.observers = observers;
        this.reaper = reaper;
    }

    /** Unmaps the range, across whose bounds no leaf reaches, and returns how many base pages were mapped. */
    long run(long start, long end) {
        partStart = start;
        observers.changing(kind, start, end);
        hva.forEach(start, end, (address, size, entry) -> {
            take(address, size);
            if (count == LEAVES_MAX) {
                finishPart(address + size.bytes());
            }
            return true;
        });
        finishPart(end);
        return pagesTotal;
    }

    private void take(long address, PageSize size) {
        boolean protect = keepWriteProtection && Entry.isUffdWp(hva.walk(address));
        long old = hva.exchange(address, size, protect ? Entry.uffdWpMarker(size) : Entry.NONE);
        if (Entry.isMapped(old)) {
            if (count == leaves.length) {
                leaves = Arrays.copyOf(leaves, 2 * count);
            }
            leaves[count++] = old;
            pages += size.basePages();
        }
    }

    private void finishPart(long partEnd) {
        if (partStart < partEnd) {
            observers.changed(kind, partStart, partEnd, pages);
        }
        for (int i = 0; i < count; i++) {
            reaper.reap(leaves[i]);
        }
        pagesTotal += pages;
        pages = 0;
        count = 0;
        partStart = partEnd;
    }
}
