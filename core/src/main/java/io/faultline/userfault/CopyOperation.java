package io.faultline.userfault;

import io.faultline.memory.Entry;
import io.faultline.memory.Errno;
import io.faultline.memory.PageBuffer;
import io.faultline.memory.PageSize;
import io.faultline.space.Vma;

/** UFFDIO_COPY over a checked range: a new page for each, filled from a buffer outside. */
final class CopyOperation {
    private final FillRange range;
    private final PageMapper mapper;

    CopyOperation(FillRange range, PageMapper mapper) {
        this.range = range;
        this.mapper = mapper;
    }

    IoctlResult run(long destination, PageBuffer source, long sourceOffset, long length, boolean writeProtect) {
        // The kernel maps what it copies dirty: the page differs from whatever stands behind the mapping.
        long flags = Entry.DIRTY | (writeProtect ? Entry.UFFD_WP : 0);
        return range.run(
                destination,
                length,
                writeProtect,
                (vma, address) -> copyPage(vma, address, source, sourceOffset + (address - destination), flags));
    }

    private Errno copyPage(Vma vma, long address, PageBuffer source, long offset, long flags) {
        PageSize size = vma.pageSize();
        if (!SourceBytes.contains(source, offset, size.bytes())) {
            return Errno.EFAULT;
        }
        Errno vacancy = mapper.vacancy(vma, address);
        if (vacancy != Errno.OK) {
            return vacancy;
        }
        long frame = mapper.allocate(size);
        if (frame < 0) {
            return Errno.ENOMEM;
        }
        SourceBytes.copy(source, offset, mapper.frames().contents(), frame, size);
        return mapper.mapNew(vma, address, frame, flags);
    }
}
