package io.faultline.space;

/** What was done to the page-table entries of a range. */
public enum MappingChange {
    /** Something was mapped where nothing was. */
    INSTALL(false),
    /** Userfault write protection. */
    WRITE_PROTECT(true),
    /** Userfault write protection taken back, or a page made writable again. */
    UNPROTECT(false),
    /** mprotect. */
    MPROTECT(true),
    /** MADV_DONTNEED, or a page evicted. */
    DISCARD(true),
    /** MADV_REMOVE: the pages left the memory object too. */
    PUNCH_HOLE(true),
    /** munmap. */
    UNMAP(true),
    /** The source of a MOVE. */
    MOVE(true),
    /** Another frame took the place of one that is shared (copy on write). */
    REPLACE(true),
    /** A poison marker was set. */
    POISON(false),
    /** A large leaf became smaller ones over the same frames. */
    SHATTER(true),
    /** Small leaves became a large one over the same frames. */
    COLLAPSE(true);

    private final boolean leavesStaleEntries;

    MappingChange(boolean leavesStaleEntries) {
        this.leavesStaleEntries = leavesStaleEntries;
    }

    /**
     * Tells whether a TLB may hold what the change has taken back. It must be flushed even if the change found nothing
     * present: an earlier one may have left its flush pending.
     */
    public boolean leavesStaleEntries() {
        return leavesStaleEntries;
    }
}
