package io.faultline.userfault;

import io.faultline.memory.Entry;
import io.faultline.memory.Errno;
import io.faultline.space.Vma;

/** UFFDIO_CONTINUE over a checked range: maps what the page cache already holds. */
final class ContinueOperation {
    private final FillRange range;
    private final PageMapper mapper;

    ContinueOperation(FillRange range, PageMapper mapper) {
        this.range = range;
        this.mapper = mapper;
    }

    IoctlResult run(long start, long length, boolean writeProtect) {
        long flags = Entry.DIRTY | (writeProtect ? Entry.UFFD_WP : 0);
        return range.run(start, length, writeProtect, (vma, address) -> continuePage(vma, address, flags));
    }

    private Errno continuePage(Vma vma, long address, long flags) {
        if (vma.isAnonymous() || PageMapper.isPastEnd(vma, address)) {
            return Errno.EINVAL;
        }
        if (PageMapper.isCachePoisoned(vma, address)) {
            return Errno.EIO;
        }
        long frame = PageMapper.cachedFrame(vma, address);
        if (frame < 0) {
            return Errno.EFAULT;
        }
        return mapper.isVacant(vma, address) ? mapper.mapCached(vma, address, frame, flags) : Errno.EEXIST;
    }
}
