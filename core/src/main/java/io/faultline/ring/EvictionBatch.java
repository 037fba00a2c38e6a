package io.faultline.ring;

import java.util.Arrays;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicIntegerArray;

import io.faultline.memory.PageBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Pages of one memslot on their way out, in the only order that loses no write: write-protect, flush, save, unmap, flush,
 * frame back. A page that is written meanwhile, or whose save fails, stays.
 *
 * <p>
 * Threading: handed between the memslot and whoever saves, with the message that carries it; the memslot keeps the phase
 * and says which pages stay, which the saver may read meanwhile; the saver only fills in which saves failed.
 */
public final class EvictionBatch {
    /** How far it is. */
    public enum Phase {
        /** Write-protected, or moved out; CPUs may still write through stale translations until the flush is complete. */
        PROTECTING,
        /** Contents are taken, and being saved. */
        SAVING,
        /** Unmapped, or saved where it was moved; until the flush is released, CPUs may still read the old frame. */
        UNMAPPING
    }

    private final int memslot;
    private final long[] pages;
    /** 1 for a page that stays: the memslot writes, the saver reads at the same time. */
    private final AtomicIntegerArray staying;
    private int stayingCount;
    private final BitSet failed = new BitSet();
    private Phase phase = Phase.PROTECTING;
    private @Nullable PageBuffer contents;
    private boolean released;

    /**
     * @param memslot
     *            whose pages they are
     * @param pages
     *            the machine's page numbers; sorted here
     */
    public EvictionBatch(int memslot, long[] pages) {
        assert pages.length > 0 : "an empty batch";
        this.memslot = memslot;
        this.pages = pages.clone();
        Arrays.sort(this.pages);
        this.staying = new AtomicIntegerArray(pages.length);
    }

    public int memslot() {
        return memslot;
    }

    public int count() {
        return pages.length;
    }

    public long page(int index) {
        return pages[index];
    }

    /** Where the first page lies in the guest's memory. */
    public long startGpa(MemslotPages slot) {
        return slot.gpaOfPage(pages[0]);
    }

    /** Where the last page ends in the guest's memory. */
    public long endGpa(MemslotPages slot) {
        return slot.gpaOfPage(pages[count() - 1]) + slot.pageSize().bytes();
    }

    public Phase phase() {
        return phase;
    }

    /** Goes on to the next phase. */
    public void phase(Phase next) {
        assert next.compareTo(phase) > 0 : next + " after " + phase;
        phase = next;
    }

    /** Where in the batch a page is; negative when it is not. */
    public int indexOf(long page) {
        return Arrays.binarySearch(pages, page);
    }

    /** Whether the page is in the batch and has not been let off. */
    public boolean isLeaving(long page) {
        int index = indexOf(page);
        return index >= 0 && isLeavingAt(index);
    }

    /** Whether page {@code index} is still to leave. */
    public boolean isLeavingAt(int index) {
        return staying.get(index) == 0;
    }

    /** Whether the page is in the batch at all: a save of it may be under way although it stays. */
    public boolean contains(long page) {
        return indexOf(page) >= 0;
    }

    /** The page stays: it was written, or could not be saved. Too late once it is unmapped. */
    public void stay(long page) {
        int index = indexOf(page);
        if (index >= 0) {
            assert phase != Phase.UNMAPPING || !isLeavingAt(index) : "page " + page + " is unmapped already";
            stayAt(index);
        }
    }

    /** Every page stays. */
    public void allStay() {
        for (int index = 0; index < pages.length; index++) {
            stayAt(index);
        }
    }

    private void stayAt(int index) {
        if (isLeavingAt(index)) {
            staying.set(index, 1);
            stayingCount++;
        }
    }

    /** How many pages are still to leave. */
    public int leavingCount() {
        return pages.length - stayingCount;
    }

    /** The pages' contents as they are to be saved, in the batch's order; pages that stay have none. */
    public PageBuffer contents() {
        PageBuffer buffer = contents;
        if (buffer == null) {
            throw new IllegalStateException("the contents of " + this + " were not taken yet");
        }
        return buffer;
    }

    public void contents(PageBuffer buffer) {
        contents = buffer;
    }

    /** The flush of what was taken away is released: the frames may be reused once the pages are saved. */
    public void released() {
        released = true;
    }

    public boolean isReleased() {
        return released;
    }

    /** Page {@code index} could not be saved. */
    public void fail(int index) {
        failed.set(index);
    }

    public boolean isFailed(int index) {
        return failed.get(index);
    }

    @Override
    public String toString() {
        return "EvictionBatch[memslot=" + memslot + ", " + phase + ", " + leavingCount() + " of " + pages.length
                + " pages leaving]";
    }
}
