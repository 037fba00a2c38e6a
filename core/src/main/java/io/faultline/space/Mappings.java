package io.faultline.space;

import io.faultline.memory.Entry;
import io.faultline.memory.Errno;
import io.faultline.memory.FramePool;
import io.faultline.memory.PageSize;
import io.faultline.memory.PageTable;

/**
 * Every change to the HVA page table of an address space: whoever installs, protects or unmaps does it here, so that
 * observers hear of it and references stay right. One reference to each of its frames belongs to a mapped leaf.
 *
 * <p>
 * Ranges are byte ranges aligned to 4 KiB; a larger leaf that reaches across a bound of a change is shattered first.
 *
 * <p>
 * Threading: the writer of the range (the holder of its lease, or the address space while it is recalled).
 */
public final class Mappings {
    private final AddressSpace space;
    private final PageTable hva;
    private final FramePool frames;

    Mappings(AddressSpace space) {
        this.space = space;
        this.hva = space.hva();
        this.frames = space.frames();
    }

    /**
     * Missing to mapped, as COPY and CONTINUE do it: markers (poison, write protection, absent) in the way are
     * replaced. On OK the entry owns the caller's reference to its frames.
     *
     * @param address
     *            a multiple of the size
     * @param entry
     *            a present leaf of that size
     * @return OK, or EEXIST when something is mapped or swapped out anywhere in the page
     */
    public Errno install(long address, PageSize size, long entry) {
        return put(address, size, entry, MappingChange.INSTALL, Entry.UFFD_WP | Entry.POISON | Entry.ABSENT);
    }

    /** Missing to mapped, as ZEROPAGE and MOVE do it: EEXIST for anything in the way, markers too. */
    public Errno installOverNone(long address, PageSize size, long entry) {
        return put(address, size, entry, MappingChange.INSTALL, 0);
    }

    /** Missing to poisoned, or to any other marker; EEXIST for anything in the way. */
    public Errno mark(long address, PageSize size, long marker) {
        assert Entry.isMarker(marker) : Entry.describe(marker) + " is no marker";
        MappingChange kind = Entry.isPoison(marker) ? MappingChange.POISON : MappingChange.WRITE_PROTECT;
        return put(address, size, marker, kind, 0);
    }

    private Errno put(long address, PageSize size, long entry, MappingChange kind, long replaceable) {
        if (!size.isAligned(address)) {
            throw new IllegalArgumentException(
                    "address 0x" + Long.toHexString(address) + " is no multiple of " + size);
        }
        long end = address + size.bytes();
        if (size != PageSize.SIZE_4K || hva.walk(address) != Entry.NONE) {
            if (isOccupied(address, end, replaceable)) {
                return Errno.EEXIST;
            }
            clearMarkers(address, size, end);
        }
        hva.set(address, size, entry);
        space.observers().changed(kind, address, end, 0);
        return Errno.OK;
    }

    private boolean isOccupied(long start, long end, long replaceable) {
        boolean[] occupied = new boolean[1];
        hva.forEach(start, end, (address, size, entry) -> {
            boolean inTheWay = !Entry.isMarker(entry) || Entry.isSwap(entry) || (entry & replaceable) == 0;
            occupied[0] |= inTheWay;
            return !inTheWay;
        });
        return occupied[0];
    }

    private void clearMarkers(long start, PageSize size, long end) {
        hva.shatter(start, size);
        hva.forEach(start, end, (address, markerSize, marker) -> {
            hva.exchange(address, markerSize, Entry.NONE);
            return true;
        });
    }

    /**
     * Unmaps everything in the range and gives the frames to the reaper after the observers heard of it.
     *
     * @param keepWriteProtection
     *            whether a page's userfault write protection stays behind as a marker (file mappings, except when the
     *            page itself goes away); other markers go in any case
     * @return how many base pages were mapped
     */
    public long unmap(long start, long end, MappingChange kind, boolean keepWriteProtection) {
        isolate(start, end);
        return new Unmapping(hva, kind, keepWriteProtection, space.observers(), space.reaper()).run(start, end);
    }

    /**
     * Write-protects through userfaultfd what is mapped or swapped out in the range.
     *
     * @return how many base pages were mapped
     */
    public long writeProtect(long start, long end) {
        isolate(start, end);
        space.observers().changing(MappingChange.WRITE_PROTECT, start, end);
        long[] pages = new long[1];
        hva.forEach(start, end, (address, size, entry) -> {
            if (Entry.isMapped(entry) || Entry.isSwap(entry)) {
                hva.change(address, size, Entry.UFFD_WP, Entry.WRITABLE);
                pages[0] += Entry.isMapped(entry) ? size.basePages() : 0;
            }
            return true;
        });
        space.observers().changed(MappingChange.WRITE_PROTECT, start, end, pages[0]);
        return pages[0];
    }

    /** Puts write-protection markers on the pages of the range that are not there (file mappings; WP_UNPOPULATED). */
    public void markUnpopulated(long start, long end, PageSize size) {
        for (long address = start; address < end; address += size.bytes()) {
            if (hva.isEmpty(address, address + size.bytes())) {
                hva.set(address, size, Entry.uffdWpMarker(size));
            }
        }
        space.observers().changed(MappingChange.WRITE_PROTECT, start, end, 0);
    }

    /**
     * Takes userfault write protection back. A page becomes writable at once when its mapping is and nobody else
     * shares the frame; otherwise its next write faults once more and is resolved without user space.
     *
     * @return how many base pages were mapped and protected
     */
    public long unprotect(long start, long end) {
        isolate(start, end);
        long[] pages = new long[1];
        hva.forEach(start, end, (address, size, entry) -> {
            if (Entry.isUffdWpMarker(entry)) {
                hva.exchange(address, size, Entry.NONE);
            } else if (Entry.isUffdWp(entry)) {
                hva.change(address, size, mayWrite(address, entry) ? Entry.WRITABLE : 0, Entry.UFFD_WP);
                pages[0] += Entry.isMapped(entry) ? size.basePages() : 0;
            }
            return true;
        });
        space.observers().changed(MappingChange.UNPROTECT, start, end, pages[0]);
        return pages[0];
    }

    /** Tells whether the leaf could be writable: its mapping is, and it is shared or nobody shares its frames. */
    boolean mayWrite(long address, long entry) {
        Vma vma = space.vmaAt(address);
        return vma != null && vma.writable() && Entry.isPresent(entry)
                && (vma.shared() || isExclusive(entry));
    }

    private boolean isExclusive(long entry) {
        return frames.isExclusive(Entry.frame(entry), Entry.size(entry));
    }

    /** Gives the mapped leaves of the range the permissions of their mapping (mprotect). */
    void applyPermissions(long start, long end) {
        isolate(start, end);
        space.observers().changing(MappingChange.MPROTECT, start, end);
        long[] pages = new long[1];
        hva.forEach(start, end, (address, size, entry) -> {
            Vma vma = space.vmaAt(address);
            if (Entry.isMapped(entry) && vma != null) {
                boolean closed = !vma.readable() && !vma.writable();
                long open = Entry.PRESENT
                        | (!Entry.isUffdWp(entry) && mayWrite(address, entry | Entry.PRESENT) ? Entry.WRITABLE : 0);
                long all = Entry.PRESENT | Entry.WRITABLE | Entry.PROT_NONE;
                long now = closed ? Entry.PROT_NONE : open;
                hva.change(address, size, now, all & ~now);
                pages[0] += size.basePages();
            }
            return true;
        });
        space.observers().changed(MappingChange.MPROTECT, start, end, pages[0]);
    }

    /**
     * Moves one leaf: the source becomes nothing, the destination gets the frame, writable and dirty as the kernel's
     * MOVE makes it. Markers at the destination are in the way.
     *
     * @return OK; EEXIST when the destination is not empty; ENOENT when the source is; EBUSY when the frame is shared;
     *         EFAULT for a marker at the source
     * @throws IllegalStateException
     *             when the source's leaf has another size
     */
    public Errno move(long destination, long source, PageSize size) {
        if (isOccupied(destination, destination + size.bytes(), 0)) {
            return Errno.EEXIST;
        }
        long entry = hva.walk(source);
        if (entry == Entry.NONE) {
            return Errno.ENOENT;
        }
        if (!Entry.isMapped(entry) && !Entry.isSwap(entry)) {
            return Errno.EFAULT;
        }
        if (Entry.isSwap(entry) ? (entry & Entry.EXCLUSIVE) == 0 : !isExclusive(entry)) {
            return Errno.EBUSY;
        }
        space.observers().changing(MappingChange.MOVE, source, source + size.bytes());
        long moved = hva.exchange(source, size, Entry.NONE);
        space.observers().changed(MappingChange.MOVE, source, source + size.bytes(), size.basePages());
        hva.set(destination, size, Entry.isSwap(moved) ? Entry.without(moved, Entry.UFFD_WP)
                : Entry.of(Entry.frame(moved), size, Entry.WRITABLE | Entry.ACCESSED | Entry.DIRTY));
        space.observers().changed(MappingChange.INSTALL, destination, destination + size.bytes(), 0);
        return Errno.OK;
    }

    /** Makes the leaf covering the address one of at most that size; see {@link PageTable#shatter}. */
    public void shatter(long address, PageSize to) {
        long entry = hva.walk(address);
        PageSize from = Entry.size(entry);
        if (entry == Entry.NONE || from.compareTo(to) <= 0) {
            return;
        }
        long start = from.alignDown(address);
        long pages = Entry.isMapped(entry) ? from.basePages() : 0;
        space.observers().changing(MappingChange.SHATTER, start, start + from.bytes());
        hva.shatter(address, to);
        space.observers().changed(MappingChange.SHATTER, start, start + from.bytes(), pages);
    }

    /**
     * Makes one leaf of that size from the leaves below it, if they are alike and their frames contiguous; see
     * {@link PageTable#collapse}. Reservations that it makes good are given up.
     *
     * @return whether a leaf of at least that size covers the address now
     */
    public boolean collapse(long address, PageSize to) {
        long start = to.alignDown(address);
        long end = start + to.bytes();
        if (Entry.size(hva.walk(address)).compareTo(to) >= 0) {
            return hva.walk(address) != Entry.NONE;
        }
        space.observers().changing(MappingChange.COLLAPSE, start, end);
        boolean collapsed = hva.collapse(address, to);
        if (collapsed) {
            space.reservations().giveUpInside(start, end);
        }
        space.observers().changed(MappingChange.COLLAPSE, start, end, collapsed ? to.basePages() : 0);
        return collapsed;
    }

    /** Shatters the leaves that reach across the bounds of a range. */
    void isolate(long start, long end) {
        isolate(start);
        isolate(end);
    }

    private void isolate(long bound) {
        if (bound >>> PageTable.ADDRESS_BITS != 0) {
            return;
        }
        if (!Entry.size(hva.walk(bound)).isAligned(bound)) {
            shatter(bound, PageSize.largestFitting(bound, Long.MAX_VALUE));
        }
    }
}
