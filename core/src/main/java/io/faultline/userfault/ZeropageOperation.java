package io.faultline.userfault;

import io.faultline.memory.Errno;
import io.faultline.space.MemoryObject;
import io.faultline.space.Vma;

/**
 * UFFDIO_ZEROPAGE over a checked range.
 *
 * <p>Where the kernel maps its one shared zero page into anonymous memory and copies at the first write, this allocates
 * a zeroed page at once: so frames are accounted for when they are asked for, and running out is answered here.
 */
final class ZeropageOperation {
    private final FillRange range;
    private final PageMapper mapper;

    ZeropageOperation(FillRange range, PageMapper mapper) {
        this.range = range;
        this.mapper = mapper;
    }

    IoctlResult run(long start, long length) {
        return range.run(start, length, false, this::zeroPage);
    }

    private Errno zeroPage(Vma vma, long address) {
        if (vma.object().kind() == MemoryObject.Kind.HUGETLB) {
            return Errno.EINVAL;
        }
        // A private page strictly where nothing is: unlike COPY it does not overwrite a marker. Pages of the page cache are
        // mapped on the same way as COPY's (mfill_atomic_pte).
        if (!vma.shared() && !mapper.isEmpty(vma, address)) {
            return Errno.EEXIST;
        }
        Errno vacancy = mapper.vacancy(vma, address);
        return vacancy == Errno.OK ? mapper.mapZeroed(vma, address, 0) : vacancy;
    }
}
