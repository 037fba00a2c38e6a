package io.faultline.flush;

/** What happened to page-table entries, or is about to happen to a page: what a flush request is about. */
public enum ChangeKind {
    /** None became present: no translation can be stale. Told because something becomes writable, or a range is used. */
    INSTALL(false),
    /** Permissions were widened: a stale translation costs a spurious fault, nothing else. */
    RELAX(false),
    /** Present became none: munmap, MADV_DONTNEED, truncation, reclaim. */
    UNMAP(true),
    /** Permissions were narrowed: mprotect, userfaultfd write protection, copy-on-write at fork, dirty bits cleared. */
    PROTECT(true),
    /** UFFDIO_MOVE: pages left this range for another; the request has a {@link Direction}. */
    MOVE(true),
    /** The entry names another frame at the same address: copy-on-write, migration, replacement of a stale page. */
    REMAP(true),
    /** The second stage lost entries because the first did, or is about to. */
    ZAP_SECOND_STAGE(true),
    /** A large mapping was shattered, or small ones were collapsed. */
    RESIZE(true),
    /** Page-table pages are freed: walkers must have left them, whatever the translations. */
    FREE_TABLE(true),
    /** Nothing changed, but no stale translation of the range may outlive the request: before a copy or a save. */
    BARRIER(true);

    private final boolean staleness;

    ChangeKind(boolean staleness) {
        this.staleness = staleness;
    }

    /** {@return whether translations filled before may now be wrong in a way that does harm} */
    public boolean leavesStaleTranslations() {
        return staleness;
    }
}
