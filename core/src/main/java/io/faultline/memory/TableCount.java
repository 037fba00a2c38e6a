package io.faultline.memory;

import java.util.concurrent.atomic.AtomicLong;

/** Counts the tables of one page table and what they take on the heap. */
final class TableCount {
    /** Array header, object header and fields; small beside 4 KiB of entries. */
    private static final long HEADER_BYTES = 40;
    private static final long ENTRY_BYTES = 8L * PageTableNode.FANOUT;
    /** Compressed references take four bytes each. */
    private static final long CHILDREN_BYTES = 16 + 4L * PageTableNode.FANOUT;

    private final AtomicLong bytes = new AtomicLong();

    void added(PageTableNode node) {
        bytes.addAndGet(bytesOf(node));
    }

    void removed(PageTableNode node) {
        bytes.addAndGet(-bytesOf(node));
    }

    long bytes() {
        return bytes.get();
    }

    private static long bytesOf(PageTableNode node) {
        return HEADER_BYTES + ENTRY_BYTES + (node.level() == 1 ? 0 : CHILDREN_BYTES);
    }
}
