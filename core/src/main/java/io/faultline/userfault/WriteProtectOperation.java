package io.faultline.userfault;

import java.util.List;

import io.faultline.memory.Errno;
import io.faultline.space.AddressSpace;
import io.faultline.space.Vma;

/** WRITEPROTECT over a checked range, which may span several VMAs and the holes between them. */
final class WriteProtectOperation {
    private final AddressSpace space;

    WriteProtectOperation(AddressSpace space) {
        this.space = space;
    }

    /**
     * Protects or un-protects. What precedes the VMA that fails stays done.
     *
     * @param markAnonymous whether empty anonymous entries get markers (WP_UNPOPULATED); those of files always do
     */
    Errno run(long start, long length, boolean protect, boolean markAnonymous) {
        if (space.isRecalled(start, start + length)) {
            return Errno.EAGAIN;
        }
        List<Vma> vmas = space.vmas(start, start + length);
        for (Vma vma : vmas) {
            if (!vma.isRegistered(UserfaultModes.REGISTER_WP)) {
                return Errno.ENOENT;
            }
            if (!vma.pageSize().isAligned(start | length)) {
                return Errno.EINVAL;
            }
            long from = Math.max(start, vma.start());
            long to = Math.min(start + length, vma.end());
            if (protect) {
                space.mappings().writeProtect(from, to);
                if (markAnonymous || !vma.isAnonymous()) {
                    space.mappings().markUnpopulated(from, to, vma.pageSize());
                }
            } else {
                space.mappings().unprotect(from, to);
            }
        }
        return vmas.isEmpty() ? Errno.ENOENT : Errno.OK;
    }
}
