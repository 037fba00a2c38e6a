package io.faultline.userfault;

import io.faultline.memory.Entry;
import io.faultline.memory.Errno;
import io.faultline.memory.PageSize;
import io.faultline.space.AddressSpace;
import io.faultline.space.Vma;

/**
 * UFFDIO_MOVE over checked ranges: the entry moves, the frame stays.
 *
 * <p>A large leaf moves whole when both sides are aligned to it, all of it is asked for and nothing at all is at the
 * destination; otherwise it is shattered first, and its pieces move.
 */
final class MoveOperation {
    private final int portId;
    private final AddressSpace space;

    MoveOperation(int portId, AddressSpace space) {
        this.portId = portId;
        this.space = space;
    }

    IoctlResult run(long destination, long source, long length, boolean allowHoles) {
        Vma to = space.vmaAt(destination);
        Vma from = space.vmaAt(source);
        if (to == null || from == null) {
            return IoctlResult.refused(Errno.ENOENT);
        }
        boolean inOneMapping = destination + length <= to.end() && source + length <= from.end();
        if (!inOneMapping || !isMovable(from, to) || !isRegisteredHere(to)) {
            return IoctlResult.refused(Errno.EINVAL);
        }
        if (space.isRecalled(destination, destination + length) || space.isRecalled(source, source + length)) {
            return IoctlResult.refused(Errno.EAGAIN);
        }
        return movePages(destination, source, length, allowHoles);
    }

    private static boolean isMovable(Vma from, Vma to) {
        boolean anonymous = from.isAnonymous() && to.isAnonymous() && !from.shared() && !to.shared();
        boolean sameAccess = from.readable() == to.readable() && from.writable() && to.writable();
        return anonymous && sameAccess && from.pageSize() == to.pageSize();
    }

    private boolean isRegisteredHere(Vma vma) {
        return vma.registration() != null && vma.registration().portId() == portId;
    }

    private IoctlResult movePages(long destination, long source, long length, boolean allowHoles) {
        long done = 0;
        while (done < length) {
            long from = source + done;
            long to = destination + done;
            long entry = space.hva().walk(from);
            PageSize size = Entry.size(entry);
            if (isLargeAndNotWhole(entry, from, to, length - done)) {
                if (!space.frames().isExclusive(Entry.frame(entry), size)) {
                    return IoctlResult.ofProgress(Errno.EBUSY, done, length);
                }
                space.mappings().shatter(from, size.smaller());
                continue;
            }
            Errno errno = space.mappings().move(to, from, size);
            if (errno == Errno.ENOENT && allowHoles) {
                errno = Errno.OK;
            }
            if (errno != Errno.OK) {
                return IoctlResult.ofProgress(errno, done, length);
            }
            done += size.bytes();
        }
        return IoctlResult.ok(length);
    }

    private boolean isLargeAndNotWhole(long entry, long from, long to, long remaining) {
        PageSize size = Entry.size(entry);
        if (size == PageSize.SIZE_4K || !Entry.isMapped(entry)) {
            return false;
        }
        boolean fits = size.isAligned(from | to) && remaining >= size.bytes();
        return !fits || !space.hva().isEmpty(to, to + size.bytes());
    }
}
