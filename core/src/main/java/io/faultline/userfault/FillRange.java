package io.faultline.userfault;

import io.faultline.memory.Errno;
import io.faultline.memory.PageSize;
import io.faultline.space.AddressSpace;
import io.faultline.space.SpaceCursor;
import io.faultline.space.Vma;

/**
 * What COPY, ZEROPAGE, CONTINUE and POISON have in common (mfill_atomic in the kernel): one VMA, registered with any
 * userfaultfd of this address space, filled page by page until one fails.
 */
final class FillRange {
    /** Fills one page of the VMA's page size. */
    @FunctionalInterface
    interface PageFill {
        Errno fill(Vma vma, long address);
    }

    private final SpaceCursor cursor;

    FillRange(AddressSpace space) {
        this.cursor = new SpaceCursor(space);
    }

    /**
     * Fills a range whose alignment to 4 KiB and whose mode bits have been checked.
     *
     * @param writeProtect whether the mode asks for pages mapped write-protected
     */
    IoctlResult run(long start, long length, boolean writeProtect, PageFill fill) {
        Vma vma = cursor.vmaAt(start);
        if (vma == null || vma.registration() == null || start + length > vma.end()) {
            return IoctlResult.refused(Errno.ENOENT);
        }
        if (cursor.isRecalled(start, start + length)) {
            return IoctlResult.refused(Errno.EAGAIN);
        }
        if (writeProtect && !vma.isRegistered(UserfaultModes.REGISTER_WP)) {
            return IoctlResult.refused(Errno.EINVAL);
        }
        // Parts of a large page will be for the sub-huge-page COPY; the kernel has none, and refuses them.
        PageSize size = vma.pageSize();
        if (!size.isAligned(start | length)) {
            return IoctlResult.refused(Errno.EINVAL);
        }
        for (long done = 0; done < length; done += size.bytes()) {
            Errno errno = fill.fill(vma, start + done);
            if (errno != Errno.OK) {
                return IoctlResult.ofProgress(errno, done, length);
            }
        }
        return IoctlResult.ok(length);
    }
}
