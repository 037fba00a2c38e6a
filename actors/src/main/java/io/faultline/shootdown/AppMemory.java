package io.faultline.shootdown;

import io.faultline.flush.Direction;
import io.faultline.memory.Entry;
import io.faultline.memory.FramePool;
import io.faultline.memory.PageSize;
import io.faultline.memory.PageTable;
import io.faultline.oracle.SafetyOracle;

/**
 * The memory of the process: its page table and its frames, which the oracle watches. Not thread-safe: it belongs to the
 * loop.
 */
final class AppMemory implements AutoCloseable {
    /** Of the one address space. */
    static final int ASID = 1;
    private static final long FRAMES = 1L << 20;

    private final PageTable table = new PageTable();
    private final FramePool frames = FramePool.tokens(FRAMES);
    private final SafetyOracle oracle;

    AppMemory(SafetyOracle oracle) {
        this.oracle = oracle;
        if (oracle.isOn()) {
            frames.observer(oracle.frameObserver());
        }
    }

    /** Makes a range present and writable. What was there stays. */
    void populate(long start, int pages) {
        for (long address = start; address < end(start, pages); address += PageSize.BASE_BYTES) {
            if (Entry.isPresent(table.walk(address))) {
                table.setBits(address, PageSize.SIZE_4K, Entry.WRITABLE);
            } else {
                install(address);
            }
        }
    }

    private void install(long address) {
        long frame = frames.allocate(PageSize.SIZE_4K);
        if (frame < 0) {
            throw new IllegalStateException("the " + FRAMES + " frames are used up: " + frames.quarantinedFrames()
                    + " of them wait for their flush");
        }
        table.set(address, PageSize.SIZE_4K, Entry.of(frame, PageSize.SIZE_4K, Entry.WRITABLE));
    }

    /** UFFDIO_COPY: makes a range present that must be empty. */
    void copyIn(long start, int pages) {
        for (long address = start; address < end(start, pages); address += PageSize.BASE_BYTES) {
            assert !Entry.isPresent(table.walk(address)) : "EEXIST at 0x" + Long.toHexString(address);
            install(address);
        }
    }

    /** Drops pages that no CPU has touched, so that there is nothing to flush. */
    void dropUntouched(long start, int pages) {
        for (long address = start; address < end(start, pages); address += PageSize.BASE_BYTES) {
            long entry = table.exchange(address, PageSize.SIZE_4K, Entry.NONE);
            assert !Entry.isAccessed(entry) : "0x" + Long.toHexString(address) + " was touched";
            if (Entry.isPresent(entry)) {
                frames.release(Entry.frame(entry), PageSize.SIZE_4K);
            }
        }
    }

    /** Takes a range's entries away; its frames are in quarantine until {@link #endQuarantine}. */
    Found unmap(long start, int pages) {
        var found = new Found(pages);
        for (int page = 0; page < pages; page++) {
            long entry = table.exchange(address(start, page), PageSize.SIZE_4K, Entry.NONE);
            found.add(entry);
            frames.quarantine(Entry.frame(entry), PageSize.SIZE_4K);
            found.freed(Entry.frame(entry));
        }
        return found.as(oracle.changed(ASID, start, end(start, pages)));
    }

    /** Makes a range read-only. */
    Found protect(long start, int pages) {
        var found = new Found(pages);
        for (int page = 0; page < pages; page++) {
            found.add(table.clearBits(address(start, page), PageSize.SIZE_4K, Entry.WRITABLE));
        }
        return found.as(oracle.changed(ASID, start, end(start, pages)));
    }

    /** Moves the pages of a range to another, which must be empty. */
    Found move(long start, long to, int pages, Direction direction) {
        var found = new Found(pages);
        for (int page = 0; page < pages; page++) {
            long entry = table.exchange(address(start, page), PageSize.SIZE_4K, Entry.NONE);
            found.add(entry);
            table.set(address(to, page), PageSize.SIZE_4K, Entry.without(entry, Entry.ACCESSED));
        }
        return found.as(oracle.moved(ASID, start, end(start, pages), direction));
    }

    /** The range is about to be used anew. */
    void reuse(long start, int pages) {
        oracle.rangeReused(ASID, start, end(start, pages));
    }

    /** The frames of a change may be allocated again. */
    void endQuarantine(Found change) {
        for (int each = 0; each < change.freed; each++) {
            frames.endQuarantine(change.frames[each], PageSize.SIZE_4K);
        }
    }

    PageTable table() {
        return table;
    }

    static long address(long start, int page) {
        return start + ((long) page << PageSize.BASE_SHIFT);
    }

    static long end(long start, int pages) {
        return address(start, pages);
    }

    @Override
    public void close() {
        frames.close();
    }

    /** What was found at the entries of a range that changed. */
    static final class Found {
        private final long[] frames;
        private int present;
        private int accessed;
        private int writable;
        private int freed;
        private long sequence;

        private Found(int pages) {
            frames = new long[pages];
        }

        private void add(long entry) {
            assert Entry.isPresent(entry) : Entry.describe(entry);
            present++;
            accessed += Entry.isAccessed(entry) ? 1 : 0;
            writable += Entry.isWritable(entry) || Entry.isDirty(entry) ? 1 : 0;
        }

        private void freed(long frame) {
            frames[freed++] = frame;
        }

        private Found as(long changeSequence) {
            sequence = changeSequence;
            return this;
        }

        int present() {
            return present;
        }

        int accessed() {
            return accessed;
        }

        /** How many were writable or dirty. */
        int writable() {
            return writable;
        }

        /** How many frames nobody maps any more. */
        int freed() {
            return freed;
        }

        /** The oracle's number of the change. */
        long sequence() {
            return sequence;
        }
    }
}
