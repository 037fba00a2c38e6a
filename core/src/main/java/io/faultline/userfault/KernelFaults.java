package io.faultline.userfault;

import io.faultline.memory.Entry;
import io.faultline.memory.Errno;
import io.faultline.memory.FramePool;
import io.faultline.memory.PageSize;
import io.faultline.space.AddressSpace;
import io.faultline.space.MappingChange;
import io.faultline.space.Mappings;
import io.faultline.space.MemoryObject;
import io.faultline.space.Vma;

/** The kernel's own way with a fault that no registered mode claims: one step of it. */
final class KernelFaults {
    private final AddressSpace space;
    private final PageMapper mapper;

    KernelFaults(AddressSpace space, PageMapper mapper) {
        this.space = space;
        this.mapper = mapper;
    }

    /** Maps the page cache's page, or a zeroed one. A write-protect marker stays in force on a range registered WP. */
    RaiseOutcome mapMissing(Vma vma, long hva) {
        long page = vma.pageSize().alignDown(hva);
        long entry = mapper.entry(page);
        assert !Entry.isSwap(entry) : "nothing swaps yet, but found " + Entry.describe(entry);
        boolean marked = Entry.isUffdWp(entry) && vma.isRegistered(UserfaultModes.REGISTER_WP);
        long flags = marked ? Entry.UFFD_WP : 0;
        long cached = PageMapper.cachedFrame(vma, page);
        if (cached < 0 && vma.object().kind() == MemoryObject.Kind.SHMEM) {
            cached = cacheZeroed(vma, page);
            if (cached < 0) {
                return RaiseOutcome.NO_MEMORY;
            }
        }
        Errno errno = cached < 0 ? mapper.mapZeroed(vma, page, flags) : mapper.mapCached(vma, page, cached, flags);
        return errno == Errno.ENOMEM ? RaiseOutcome.NO_MEMORY : RaiseOutcome.RESOLVED_BY_KERNEL;
    }

    /** Puts a zeroed page into the page cache of shared memory, where even private mappings of it come from. */
    private long cacheZeroed(Vma vma, long page) {
        long frame = mapper.allocateZeroed(vma.pageSize());
        if (frame >= 0 && !vma.object().insert(vma.objectPageAt(page), frame)) {
            mapper.frames().release(frame, vma.pageSize());
            return PageMapper.cachedFrame(vma, page);
        }
        return frame;
    }

    /**
     * Lets a write through a read-only entry of a writable mapping. What is left of a write protection that nobody is
     * registered for any more is taken back; a page that others share is copied.
     */
    RaiseOutcome allowWrite(Vma vma, long hva, long entry) {
        PageSize size = Entry.size(entry);
        long page = size.alignDown(hva);
        if (Entry.isUffdWp(entry)) {
            space.mappings().unprotect(page, page + size.bytes());
            return RaiseOutcome.RESOLVED_BY_KERNEL;
        }
        FramePool frames = mapper.frames();
        long copy = frames.allocate(size);
        if (copy < 0) {
            return RaiseOutcome.NO_MEMORY;
        }
        frames.contents().copy(Entry.frame(entry), copy, size.basePages());
        frames.exclusive(copy, size, true);
        Mappings mappings = space.mappings();
        mappings.unmap(page, page + size.bytes(), MappingChange.REPLACE, false);
        Errno errno = mappings.install(page, size, Entry.of(copy, size, Entry.WRITABLE | Entry.DIRTY));
        assert errno == Errno.OK : "0x" + Long.toHexString(page) + " of " + vma + " was just unmapped";
        return RaiseOutcome.RESOLVED_BY_KERNEL;
    }
}
