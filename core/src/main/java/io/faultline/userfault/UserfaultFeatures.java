package io.faultline.userfault;

/** The feature bits of UFFDIO_API; the kernel's numbers. Linux 6.18 answers {@link #ALL}. */
public final class UserfaultFeatures {
    /** Write-protect faults are flagged. */
    public static final long PAGEFAULT_FLAG_WP = 1L << 0;

    /** FORK events; needs CAP_SYS_PTRACE. */
    public static final long EVENT_FORK = 1L << 1;

    /** REMAP events. */
    public static final long EVENT_REMAP = 1L << 2;

    /** REMOVE events: the discarding caller blocks until the event is read. */
    public static final long EVENT_REMOVE = 1L << 3;

    /** Probe only: missing faults on hugetlb. */
    public static final long MISSING_HUGETLBFS = 1L << 4;

    /** Probe only: missing faults on shmem. */
    public static final long MISSING_SHMEM = 1L << 5;

    /** UNMAP events. */
    public static final long EVENT_UNMAP = 1L << 6;

    /** No messages: the faulting thread gets SIGBUS. */
    public static final long SIGBUS = 1L << 7;

    /** Fault messages carry the faulting thread. */
    public static final long THREAD_ID = 1L << 8;

    /** Minor faults on hugetlb. */
    public static final long MINOR_HUGETLBFS = 1L << 9;

    /** Minor faults on shmem. */
    public static final long MINOR_SHMEM = 1L << 10;

    /** Fault messages carry the exact address, not masked to the page. */
    public static final long EXACT_ADDRESS = 1L << 11;

    /** Write protection on shmem and hugetlb. */
    public static final long WP_HUGETLBFS_SHMEM = 1L << 12;

    /** Write protecting an empty anonymous entry leaves a marker there. */
    public static final long WP_UNPOPULATED = 1L << 13;

    /** UFFDIO_POISON. */
    public static final long POISON = 1L << 14;

    /** The kernel un-protects by itself; implies {@link #WP_UNPOPULATED}. */
    public static final long WP_ASYNC = 1L << 15;

    /** UFFDIO_MOVE. */
    public static final long MOVE = 1L << 16;

    /** All that Linux 6.18 knows; any other bit is refused with EINVAL. */
    public static final long ALL = 0x1ffff;

    private UserfaultFeatures() {}
}
