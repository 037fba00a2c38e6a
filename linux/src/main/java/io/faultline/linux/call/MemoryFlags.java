package io.faultline.linux.call;

/** The numbers that mmap(2), mremap(2) and madvise(2) take on x86-64. */
public final class MemoryFlags {
    /** No access. */
    public static final int PROT_NONE = 0;
    /** Reads. */
    public static final int PROT_READ = 1;
    /** Writes. */
    public static final int PROT_WRITE = 2;

    /** Changes are seen by every mapping of the object. */
    public static final int MAP_SHARED = 0x1;
    /** Changes are this mapping's own. */
    public static final int MAP_PRIVATE = 0x2;
    /** Exactly there, in place of what is mapped. */
    public static final int MAP_FIXED = 0x10;
    /** No object behind it. */
    public static final int MAP_ANONYMOUS = 0x20;
    /** Do not account for swap. */
    public static final int MAP_NORESERVE = 0x4000;
    /** From the pool of huge pages. */
    public static final int MAP_HUGETLB = 0x40000;
    /** By how much the log2 of a huge page's size is shifted in mmap's flags and memfd_create's. */
    public static final int HUGE_SHIFT = 26;

    /** mremap may put the mapping elsewhere. */
    public static final int MREMAP_MAYMOVE = 1;
    /** mremap puts it where it is told; with MAYMOVE. */
    public static final int MREMAP_FIXED = 2;
    /** mremap leaves the old range mapped and empty; with MAYMOVE. */
    public static final int MREMAP_DONTUNMAP = 4;

    /** Drop the pages of a private mapping. */
    public static final int MADV_DONTNEED = 4;
    /** Drop the pages when memory runs short. */
    public static final int MADV_FREE = 8;
    /** Punch a hole into the object of a shared mapping. */
    public static final int MADV_REMOVE = 9;
    /** Not inherited by a fork. */
    public static final int MADV_DONTFORK = 10;
    /** Transparent huge pages, please. */
    public static final int MADV_HUGEPAGE = 14;
    /** No transparent huge pages. */
    public static final int MADV_NOHUGEPAGE = 15;
    /** Fault a range in for reading. */
    public static final int MADV_POPULATE_READ = 22;
    /** Fault a range in for writing. */
    public static final int MADV_POPULATE_WRITE = 23;
    /** Make huge pages of it now. */
    public static final int MADV_COLLAPSE = 25;

    private MemoryFlags() {}
}
