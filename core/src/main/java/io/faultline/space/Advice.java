package io.faultline.space;

import io.faultline.memory.Entry;
import io.faultline.memory.Errno;

/** What madvise does with pages: drop them (MADV_DONTNEED), or take them out of their object (MADV_REMOVE). */
final class Advice {
    private final AddressSpace space;
    private final Leases leases;

    Advice(AddressSpace space, Leases leases) {
        this.space = space;
        this.leases = leases;
    }

    Errno discard(VmaList vmas, long start, long end) {
        leases.requireWriter(start, end);
        for (Vma vma : vmas.overlapping(start, end)) {
            long from = Math.max(start, vma.start());
            long to = vma.pageSize().alignDown(Math.min(end, vma.end()));
            if (from < to) {
                space.mappings().unmap(from, to, MappingChange.DISCARD, !vma.isAnonymous());
                space.reservations().giveUp(from, to);
            }
        }
        return vmas.covers(start, end) ? Errno.OK : Errno.ENOMEM;
    }

    Errno punchHole(VmaList vmas, long start, long end) {
        for (Vma vma : vmas.overlapping(start, end)) {
            if (vma.isAnonymous()) {
                return Errno.EINVAL;
            }
            if (!vma.shared() || !vma.writable()) {
                return Errno.EACCES;
            }
            Vma part = vma.part(start, end);
            unmapObject(vmas, part.object(), part.objectOffset(), part.bytes());
            dropCached(part);
        }
        return vmas.covers(start, end) ? Errno.OK : Errno.ENOMEM;
    }

    void unmapObject(VmaList vmas, MemoryObject object, long objectOffset, long bytes) {
        for (Vma vma : vmas.all()) {
            long from = Math.max(vma.start(), vma.start() + objectOffset - vma.objectOffset());
            long to = Math.min(vma.end(), vma.start() + objectOffset + bytes - vma.objectOffset());
            if (vma.object() == object && from < to) {
                leases.requireWriter(from, to);
                space.mappings().unmap(from, to, MappingChange.PUNCH_HOLE, false);
                space.reservations().giveUp(from, to);
            }
        }
    }

    private void dropCached(Vma part) {
        MemoryObject object = part.object();
        long end = Math.min(object.pages(), part.objectPageAt(part.end()));
        for (long page = part.objectPageAt(part.start()); page < end; page++) {
            long frame = object.remove(page);
            if (frame >= 0) {
                // Stale TLB entries of the mappings that are gone may still reach it, so it leaves as theirs do.
                space.reaper().reap(Entry.of(frame, object.pageSize(), 0));
            }
        }
    }
}
