package io.faultline.userfault;

import io.faultline.memory.PageSize;

/** The memory types that the kernel's own tests run on, and the third page size. */
enum Memory {
    ANON(PageSize.SIZE_4K, false),
    SHMEM(PageSize.SIZE_4K, true),
    SHMEM_PRIVATE(PageSize.SIZE_4K, false),
    HUGETLB_2M(PageSize.SIZE_2M, true),
    HUGETLB_2M_PRIVATE(PageSize.SIZE_2M, false),
    HUGETLB_1G(PageSize.SIZE_1G, true);

    private final PageSize pageSize;
    private final boolean shared;

    Memory(PageSize pageSize, boolean shared) {
        this.pageSize = pageSize;
        this.shared = shared;
    }

    PageSize pageSize() {
        return pageSize;
    }

    long pageBytes() {
        return pageSize.bytes();
    }

    boolean isShared() {
        return shared;
    }

    boolean isAnon() {
        return this == ANON;
    }

    boolean isHugetlb() {
        return pageSize != PageSize.SIZE_4K;
    }
}
