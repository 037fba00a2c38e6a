package io.faultline.machine;

/** The kind of memory object behind the memslots, which decides what faults there can be. */
public enum Backing {
    /** Anonymous memory: it has no page cache, so there are no minor faults. */
    ANON,
    /** Shared memory of 4 KiB pages with a page cache. */
    SHMEM,
    /** Huge pages (2 MiB, 1 GiB) with a page cache; there is no ZEROPAGE here. */
    HUGETLB
}
