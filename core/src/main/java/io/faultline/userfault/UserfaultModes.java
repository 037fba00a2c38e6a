package io.faultline.userfault;

/** The mode bits of the ioctls; the kernel's numbers, which differ from one ioctl to the next. */
public final class UserfaultModes {
    /** REGISTER: report accesses to pages that are not there. */
    public static final int REGISTER_MISSING = 1;

    /** REGISTER: report writes to write-protected pages. */
    public static final int REGISTER_WP = 2;

    /** REGISTER: report accesses to pages that are in the page cache but not mapped. */
    public static final int REGISTER_MINOR = 4;

    /** COPY: leave the waiters asleep. */
    public static final int COPY_DONTWAKE = 1;

    /** COPY: map the page write-protected. */
    public static final int COPY_WP = 2;

    /** ZEROPAGE: leave the waiters asleep. */
    public static final int ZEROPAGE_DONTWAKE = 1;

    /** MOVE: leave the waiters asleep. */
    public static final int MOVE_DONTWAKE = 1;

    /** MOVE: skip holes in the source. */
    public static final int MOVE_ALLOW_SRC_HOLES = 2;

    /** WRITEPROTECT: protect; without it, un-protect and wake. */
    public static final int WRITEPROTECT_WP = 1;

    /** WRITEPROTECT: leave the waiters asleep; only when un-protecting. */
    public static final int WRITEPROTECT_DONTWAKE = 2;

    /** CONTINUE: leave the waiters asleep. */
    public static final int CONTINUE_DONTWAKE = 1;

    /** CONTINUE: map the page write-protected. */
    public static final int CONTINUE_WP = 2;

    /** POISON: leave the waiters asleep. */
    public static final int POISON_DONTWAKE = 1;

    private UserfaultModes() {}
}
