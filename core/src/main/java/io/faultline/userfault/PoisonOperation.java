package io.faultline.userfault;

import io.faultline.memory.Entry;
import io.faultline.memory.Errno;
import io.faultline.space.AddressSpace;
import io.faultline.space.Vma;

/** UFFDIO_POISON over a checked range: markers that answer every access with SIGBUS. */
final class PoisonOperation {
    private final FillRange range;
    private final AddressSpace space;

    PoisonOperation(FillRange range, AddressSpace space) {
        this.range = range;
        this.space = space;
    }

    IoctlResult run(long start, long length) {
        return range.run(start, length, false, this::poisonPage);
    }

    private Errno poisonPage(Vma vma, long address) {
        if (PageMapper.isPastEnd(vma, address)) {
            return Errno.EFAULT;
        }
        return space.mappings().mark(address, vma.pageSize(), Entry.poison(vma.pageSize()));
    }
}
