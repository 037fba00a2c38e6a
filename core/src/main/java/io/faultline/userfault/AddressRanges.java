package io.faultline.userfault;

import io.faultline.memory.Errno;
import io.faultline.memory.PageSize;
import io.faultline.memory.PageTable;

/** What every ioctl asks of a range before it looks at memory (validate_range in the kernel). */
final class AddressRanges {
    /** One past the last address of the user half. */
    static final long LIMIT = 1L << (PageTable.ADDRESS_BITS - 1);

    private AddressRanges() {}

    /** EINVAL unless the range is aligned to 4 KiB, not empty, and within the address space. */
    static Errno check(long start, long length) {
        boolean aligned = PageSize.SIZE_4K.isAligned(start) && PageSize.SIZE_4K.isAligned(length);
        boolean inside = start >= 0 && start < LIMIT && length > 0 && length <= LIMIT - start;
        return aligned && inside ? Errno.OK : Errno.EINVAL;
    }

    /** EINVAL also when the mode has a bit that is unknown. */
    static Errno check(long start, long length, int mode, int knownModes) {
        return (mode & ~knownModes) == 0 ? check(start, length) : Errno.EINVAL;
    }
}
