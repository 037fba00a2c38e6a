package io.faultline.ring;

/**
 * How a fault is made good, in the words of userfaultfd(2): each is the operation the memslot performs on its port.
 */
public enum Resolution {
    /** Fetch the page from its source, then {@code UFFDIO_COPY}. */
    COPY,
    /**
     * Fetch the page into the fetcher's staging range, then {@code UFFDIO_MOVE}: the frame goes into the application's
     * range, nothing is copied, and the staging range it left has to be flushed.
     */
    MOVE,
    /** {@code UFFDIO_ZEROPAGE}; on memory that has no zero page (hugetlb), a copy of zeros. */
    ZEROPAGE,
    /** {@code UFFDIO_CONTINUE}: the page is in the page cache, only the mapping is missing. */
    CONTINUE,
    /** {@code UFFDIO_WRITEPROTECT} without its WP mode: let the write through. */
    UNPROTECT,
    /** {@code UFFDIO_POISON}: every access of the page fails from now on. */
    POISON;

    /** Whether the page's bytes have to come from the page source first. */
    public boolean needsFetch() {
        return this == COPY || this == MOVE;
    }
}
