package io.faultline.userfault;

/** Why an access could not go on, as the fault message tells it. */
public enum FaultKind {
    /** No page there: neither mapped nor, for a shared object, in its page cache. Resolved by COPY, ZEROPAGE or MOVE. */
    MISSING(0),
    /** The page is in the object's page cache but not mapped here. Resolved by CONTINUE. */
    MINOR(UserfaultEvents.FAULT_MINOR),
    /** A write to a page that carries the userfault write-protect bit. Resolved by WRITEPROTECT without its WP mode. */
    WRITE_PROTECT(UserfaultEvents.FAULT_WP);

    private final int flag;

    FaultKind(int flag) {
        this.flag = flag;
    }

    /**
     * The flags of the fault message for this kind.
     *
     * @param write whether the access was a write
     * @return a combination of the {@code FAULT_} flags of {@link UserfaultEvents}
     */
    public int messageFlags(boolean write) {
        return flag | (write ? UserfaultEvents.FAULT_WRITE : 0);
    }

    /**
     * The kind a message's flags tell.
     *
     * @param flags the flags of a fault message
     * @return the kind of that fault
     */
    public static FaultKind ofFlags(int flags) {
        if ((flags & UserfaultEvents.FAULT_WP) != 0) {
            return WRITE_PROTECT;
        }
        return (flags & UserfaultEvents.FAULT_MINOR) != 0 ? MINOR : MISSING;
    }
}
