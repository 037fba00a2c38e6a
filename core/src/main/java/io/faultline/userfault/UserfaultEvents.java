package io.faultline.userfault;

/** The events a userfaultfd's messages carry and the flags of its fault messages; the kernel's numbers. */
public final class UserfaultEvents {
    /** A fault: address, flags and, with the feature THREAD_ID, the thread. */
    public static final int PAGEFAULT = 0x12;

    /** The process forked; the message carries the child's userfaultfd. */
    public static final int FORK = 0x13;

    /** mremap moved a range: from, to, length. */
    public static final int REMAP = 0x14;

    /** A range is about to be discarded (MADV_DONTNEED, MADV_REMOVE, MADV_FREE): start, end. */
    public static final int REMOVE = 0x15;

    /** A range was unmapped: start, end. */
    public static final int UNMAP = 0x16;

    /** The faulting access was a write. */
    public static final int FAULT_WRITE = 1;

    /** A write-protect fault. */
    public static final int FAULT_WP = 2;

    /** A minor fault. */
    public static final int FAULT_MINOR = 4;

    private UserfaultEvents() {}

    /**
     * The name of an event, for messages people read.
     *
     * @param event the event's number
     * @return its name, or its number in hexadecimal when unknown
     */
    public static String describe(int event) {
        return switch (event) {
            case PAGEFAULT -> "PAGEFAULT";
            case FORK -> "FORK";
            case REMAP -> "REMAP";
            case REMOVE -> "REMOVE";
            case UNMAP -> "UNMAP";
            default -> "event 0x" + Integer.toHexString(event);
        };
    }
}
