package io.faultline.userfault;

/** The ioctl numbers (type 0xAA) and the masks in which UFFDIO_API and REGISTER tell which of them apply. */
public final class UserfaultIoctls {
    /** The only version of the interface: what UFFDIO_API must be given. */
    public static final long API_VERSION = 0xAA;

    /** UFFDIO_REGISTER. */
    public static final int REGISTER = 0;

    /** UFFDIO_UNREGISTER. */
    public static final int UNREGISTER = 1;

    /** UFFDIO_WAKE. */
    public static final int WAKE = 2;

    /** UFFDIO_COPY. */
    public static final int COPY = 3;

    /** UFFDIO_ZEROPAGE. */
    public static final int ZEROPAGE = 4;

    /** UFFDIO_MOVE. */
    public static final int MOVE = 5;

    /** UFFDIO_WRITEPROTECT. */
    public static final int WRITEPROTECT = 6;

    /** UFFDIO_CONTINUE. */
    public static final int CONTINUE = 7;

    /** UFFDIO_POISON. */
    public static final int POISON = 8;

    /** UFFDIO_API. */
    public static final int API = 0x3f;

    /** What the descriptor itself answers to: {@link ApiAnswer#ioctls()}. */
    public static final long DESCRIPTOR_MASK = bit(REGISTER) | bit(UNREGISTER) | bit(API);

    /** What a range of anonymous or shmem memory answers to, before the modes narrow it. */
    static final long RANGE_MASK =
            bit(WAKE) | bit(COPY) | bit(ZEROPAGE) | bit(MOVE) | bit(WRITEPROTECT) | bit(CONTINUE) | bit(POISON);

    /** What a range that holds hugetlb memory answers to, before the modes narrow it. */
    static final long HUGETLB_RANGE_MASK = RANGE_MASK & ~bit(ZEROPAGE) & ~bit(MOVE);

    private UserfaultIoctls() {}

    /**
     * The bit of an ioctl in a mask.
     *
     * @param ioctl the ioctl's number
     * @return a mask of that one bit
     */
    public static long bit(int ioctl) {
        return 1L << ioctl;
    }

    /**
     * What REGISTER answers in {@code ioctls}: measured 0x13c for anonymous MISSING, 0x1bc for shmem MINOR.
     *
     * @param modes the modes asked for
     * @param hugetlb whether the range holds hugetlb memory
     * @return the ioctls that apply to the range
     */
    static long ofRange(int modes, boolean hugetlb) {
        long mask = hugetlb ? HUGETLB_RANGE_MASK : RANGE_MASK;
        if ((modes & UserfaultModes.REGISTER_WP) == 0) {
            mask &= ~bit(WRITEPROTECT);
        }
        if ((modes & UserfaultModes.REGISTER_MINOR) == 0) {
            mask &= ~bit(CONTINUE);
        }
        return mask;
    }
}
