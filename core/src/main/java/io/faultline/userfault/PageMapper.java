package io.faultline.userfault;

import io.faultline.memory.Entry;
import io.faultline.memory.Errno;
import io.faultline.memory.FramePool;
import io.faultline.memory.PageSize;
import io.faultline.space.AddressSpace;
import io.faultline.space.MemoryObject;
import io.faultline.space.Vma;

/**
 * Makes whole pages of a mapping's page size present (mfill_atomic_install_pte in the kernel), and tells whether they
 * may be.
 */
final class PageMapper {
    private static final long NO_FRAME = -1;

    private final AddressSpace space;
    private final FrameStash stash;

    PageMapper(AddressSpace space) {
        this.space = space;
        this.stash = new FrameStash(space.frames());
    }

    FramePool frames() {
        return space.frames();
    }

    /** Frames for installs to come. */
    FrameStash stash() {
        return stash;
    }

    /** A new page's frames, contents undefined; -1 when there are none. */
    long allocate(PageSize size) {
        return stash.allocate(size);
    }

    /** The entry covering an address. */
    long entry(long address) {
        return space.hva().walk(address);
    }

    /** Whether the page at the address has no leaf at all, not even a marker. */
    boolean isEmpty(Vma vma, long address) {
        return space.hva().isEmpty(address, address + vma.pageSize().bytes());
    }

    /** Whether the page may be mapped: there is nothing, or there are markers, which are overwritten. */
    boolean isVacant(Vma vma, long address) {
        if (vma.pageSize() == PageSize.SIZE_4K) {
            return mayOverwrite(entry(address));
        }
        boolean[] vacant = {true};
        space.hva().forEach(address, address + vma.pageSize().bytes(), (at, size, entry) -> {
            vacant[0] = mayOverwrite(entry);
            return vacant[0];
        });
        return vacant[0];
    }

    private static boolean mayOverwrite(long entry) {
        return entry == Entry.NONE || (Entry.isMarker(entry) && !Entry.isSwap(entry));
    }

    /**
     * EFAULT past the object's end; EEXIST where a page is mapped, or in the page cache of a shared mapping. A private
     * mapping looks at its own entries only, for what it gets is anonymous.
     */
    Errno vacancy(Vma vma, long address) {
        if (isPastEnd(vma, address)) {
            return Errno.EFAULT;
        }
        return isVacant(vma, address) && !(vma.shared() && isCached(vma, address)) ? Errno.OK : Errno.EEXIST;
    }

    static boolean isPastEnd(Vma vma, long address) {
        return !vma.isAnonymous() && vma.objectOffsetAt(address) >= vma.object().bytes();
    }

    /** The first frame of the page in the object's page cache, or -1; anonymous memory has none. */
    static long cachedFrame(Vma vma, long address) {
        return vma.isAnonymous() ? NO_FRAME : vma.object().cached(vma.objectPageAt(address));
    }

    /** Whether the page cache has the page, if only as poisoned. */
    static boolean isCached(Vma vma, long address) {
        return cachedFrame(vma, address) != NO_FRAME || isCachePoisoned(vma, address);
    }

    static boolean isCachePoisoned(Vma vma, long address) {
        return !vma.isAnonymous() && vma.object().isPoisoned(vma.objectPageAt(address));
    }

    /**
     * Maps a page just allocated and filled, taking over the caller's reference. Through a shared mapping it goes into
     * the page cache, which then has that reference, and the entry one of its own.
     *
     * @param flags DIRTY and UFFD_WP, or not
     * @return EEXIST when somebody else was faster to put the page into the cache; the frames are given back then
     */
    Errno mapNew(Vma vma, long address, long frame, long flags) {
        if (vma.shared() && !vma.isAnonymous()) {
            if (!vma.object().insert(vma.objectPageAt(address), frame)) {
                frames().release(frame, vma.pageSize());
                return Errno.EEXIST;
            }
            frames().retain(frame, vma.pageSize());
        } else {
            assert frames().isExclusive(frame, vma.pageSize()) : "frame " + frame + " was not just allocated";
        }
        return install(vma, address, frame, flags, true);
    }

    /** Maps a page that is all zeros; returns as {@link #mapNew}, and ENOMEM when there is no frame. */
    Errno mapZeroed(Vma vma, long address, long flags) {
        long frame = allocateZeroed(vma.pageSize());
        return frame < 0 ? Errno.ENOMEM : mapNew(vma, address, frame, flags);
    }

    /** A zeroed page; -1 when there is none. */
    long allocateZeroed(PageSize size) {
        long frame = allocate(size);
        if (frame >= 0) {
            frames().contents().zero(frame, size.basePages());
        }
        return frame;
    }

    /** Maps the page cache's page, with a reference of the entry's own. A private mapping of it is read-only. */
    Errno mapCached(Vma vma, long address, long frame, long flags) {
        frames().retain(frame, vma.pageSize());
        return install(vma, address, frame, flags, vma.shared());
    }

    private Errno install(Vma vma, long address, long frame, long flags, boolean own) {
        assert vma.object().kind() != MemoryObject.Kind.HUGETLB || vma.pageSize().isFrameAligned(frame);
        boolean writable = vma.writable() && own && (flags & Entry.UFFD_WP) == 0;
        long entry = Entry.of(frame, vma.pageSize(), flags | (writable ? Entry.WRITABLE : 0));
        Errno errno = space.mappings().install(address, vma.pageSize(), entry);
        // The callers looked, and nobody else writes this range.
        assert errno == Errno.OK : "0x" + Long.toHexString(address) + " became " + Entry.describe(entry(address));
        return errno;
    }
}
