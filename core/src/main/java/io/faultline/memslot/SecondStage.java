package io.faultline.memslot;

import io.faultline.memory.Entry;
import io.faultline.memory.PageSize;
import io.faultline.memory.PageTable;
import io.faultline.space.AddressSpace;
import io.faultline.space.MappingChange;
import io.faultline.space.MappingObserver;
import org.jspecify.annotations.Nullable;

/**
 * The EPT/NPT tables of one memslot, from guest-physical addresses to frames. It maps only what the HVA table maps, in
 * leaves no larger and with permissions no wider, and owns no references: before the host takes something back, this
 * observer of the HVA range takes it back here (as KVM does from its MMU notifier), and hands dirty bits down to the
 * host's entries.
 *
 * <p>
 * Threading: one writer, the memslot (or the address space while the memslot's lease is recalled); vCPUs walk
 * {@link #table} without locks.
 */
public final class SecondStage implements MappingObserver {
    private final PageTable table;
    private final PageTable hva;
    private MemslotRegion slot;
    private @Nullable DirtyLog dirtyLog;
    private SecondStageObserver observer = (kind, start, end, found) -> {
    };

    /**
     * Makes the second stage of a slot; add it to the address space as an observer of the slot's HVA range.
     *
     * @param table
     *            the guest's table; slots share it, each within its own range
     */
    public SecondStage(PageTable table, AddressSpace space, MemslotRegion slot) {
        this.table = table;
        this.hva = space.hva();
        this.slot = slot;
        this.dirtyLog = slot.logsDirtyPages() ? new DirtyLog(pages(slot)) : null;
    }

    private static long pages(MemslotRegion slot) {
        return slot.bytes() >>> PageSize.BASE_SHIFT;
    }

    /** Returns the table that vCPUs walk. */
    public PageTable table() {
        return table;
    }

    /** Returns the slot as it is now. */
    public MemslotRegion slot() {
        return slot;
    }

    /** Sets who hears of what is taken back here, in guest-physical addresses: whose TLB entries must be flushed. */
    public void observer(SecondStageObserver observer) {
        this.observer = observer;
    }

    /**
     * Resolves a guest's fault from what the host maps: in a leaf as large as the host's leaf, the alignment of the two
     * addresses to each other and the slot's bounds allow; 4 KiB while dirty pages are logged.
     */
    public MapOutcome map(long gpa, boolean write) {
        if (!slot.contains(gpa)) {
            return MapOutcome.OUTSIDE_SLOT;
        }
        if (write && slot.isReadOnly()) {
            return MapOutcome.SLOT_READ_ONLY;
        }
        long host = hva.walkAndMark(slot.hvaAt(gpa), write);
        if (!Entry.isPresent(host)) {
            return Entry.isPoison(host) ? MapOutcome.HVA_POISONED : MapOutcome.HVA_ABSENT;
        }
        if (write && !Entry.isWritable(host)) {
            return MapOutcome.HVA_NOT_WRITABLE;
        }
        long present = table.walk(gpa);
        if (Entry.isPresent(present) && (!write || Entry.isWritable(present))) {
            return MapOutcome.SPURIOUS;
        }
        if (Entry.isPresent(present)) {
            makeWritable(gpa);
        } else {
            mapLeaf(gpa, host, write);
        }
        assert mapsOnlyWhatHvaMaps(gpa, gpa + 1) : describe(gpa);
        return MapOutcome.MAPPED;
    }

    private void mapLeaf(long gpa, long host, boolean write) {
        boolean writable = Entry.isWritable(host) && !slot.isReadOnly() && (write || dirtyLog == null);
        PageSize size = Entry.size(host);
        while (!isMappable(gpa, size)) {
            size = size.smaller();
        }
        long start = size.alignDown(gpa);
        long frame = Entry.frameAt(host, slot.hvaAt(start));
        long flags = Entry.ACCESSED | (writable ? Entry.WRITABLE : 0) | (write ? Entry.DIRTY : 0);
        table.set(start, size, Entry.of(frame, size, flags));
        if (write) {
            log(start, size);
        }
    }

    private boolean isMappable(long gpa, PageSize size) {
        if (size == PageSize.SIZE_4K) {
            return true;
        }
        long start = size.alignDown(gpa);
        long end = start + size.bytes();
        return dirtyLog == null && size.isAligned(slot.gpa() - slot.hva()) && start >= slot.gpa() && end <= slot.end()
                && table.isEmpty(start, end);
    }

    private void makeWritable(long gpa) {
        if (dirtyLog != null) {
            shatter(gpa, PageSize.SIZE_4K);
        }
        PageSize size = Entry.size(table.walk(gpa));
        long start = size.alignDown(gpa);
        table.setBits(start, size, Entry.WRITABLE | Entry.ACCESSED | Entry.DIRTY);
        log(start, size);
    }

    private void log(long start, PageSize size) {
        if (dirtyLog != null) {
            dirtyLog.mark((start - slot.gpa()) >>> PageSize.BASE_SHIFT, size.basePages());
        }
    }

    /**
     * Unmaps a guest-physical range; a leaf that reaches beyond it goes as a whole, as KVM does it.
     *
     * @return how many base pages were mapped
     */
    public long zap(long start, long end) {
        return zap(MappingChange.UNMAP, start, end);
    }

    private long zap(MappingChange kind, long start, long end) {
        Taken taken = new Taken(start, end);
        table.forEach(start, end, (address, size, entry) -> {
            long old = table.exchange(address, size, Entry.NONE);
            harvest(address, size, old);
            taken.add(address, size, old);
            return true;
        });
        return taken.tell(kind);
    }

    /**
     * Takes the write permission of a guest-physical range away, of a leaf that reaches beyond it as a whole; and its marks,
     * which the flush that follows makes true: a page that nobody reads afterwards is in no TLB.
     *
     * @return how many base pages were mapped
     */
    public long writeProtect(long start, long end) {
        Taken taken = new Taken(start, end);
        table.forEach(start, end, (address, size, entry) -> {
            long old = table.change(address, size, Entry.UNCACHED, Entry.WRITABLE | Entry.DIRTY | Entry.ACCESSED);
            harvest(address, size, old);
            taken.add(address, size, old);
            return true;
        });
        return taken.tell(MappingChange.WRITE_PROTECT);
    }

    /** What one operation took back. */
    private final class Taken {
        private long start;
        private long end;
        private long present;
        private long cached;
        private long writable;

        Taken(long start, long end) {
            this.start = start;
            this.end = end;
        }

        void add(long address, PageSize size, long old) {
            start = Math.min(start, address);
            end = Math.max(end, address + size.bytes());
            present += size.basePages();
            cached += Entry.mayBeCached(old) ? size.basePages() : 0;
            writable += Entry.isWritable(old) || Entry.isDirty(old) ? size.basePages() : 0;
        }

        long tell(MappingChange kind) {
            observer.takenBack(kind, start, end, new FoundPages(present, cached, writable));
            return present;
        }
    }

    /** Hands the marks of a leaf that lost them to the dirty log and to the host's leaf over the same frames. */
    private void harvest(long address, PageSize size, long old) {
        long marks = old & (Entry.ACCESSED | Entry.DIRTY);
        if (marks == 0) {
            return;
        }
        long hostAddress = slot.hvaAt(address);
        long host = hva.walk(hostAddress);
        assert Entry.isMapped(host) && Entry.frameAt(host, hostAddress) == Entry.frame(old) : describe(address);
        PageSize hostSize = Entry.size(host);
        hva.setBits(hostSize.alignDown(hostAddress), hostSize, marks);
        if (Entry.isDirty(old)) {
            log(address, size);
        }
    }

    /**
     * Returns which base pages were written since the last time, a bit per page of the slot from bit 0 of the first
     * word on, and begins anew (KVM_GET_DIRTY_LOG): dirty bits are taken by atomic exchange and the pages are
     * write-protected, so that the next write is seen.
     *
     * @throws IllegalStateException
     *             when the slot does not log
     */
    public long[] takeDirtyLog() {
        if (dirtyLog == null) {
            throw new IllegalStateException("slot " + slot.slot() + " does not log dirty pages");
        }
        writeProtect(slot.gpa(), slot.end());
        return dirtyLog.take();
    }

    /**
     * Takes note of changed flags. When logging begins, everything is write-protected; large leaves are shattered when
     * they are next written. When it ends, {@link #collapse} makes large leaves again.
     *
     * @throws IllegalArgumentException
     *             when more than the flags differ
     */
    public void flags(MemslotRegion now) {
        if (now.slot() != slot.slot() || now.gpa() != slot.gpa() || now.bytes() != slot.bytes()
                || now.hva() != slot.hva()) {
            throw new IllegalArgumentException(now + " is another range than " + slot + "; zap and make a new one");
        }
        if (now.logsDirtyPages() && dirtyLog == null) {
            writeProtect(slot.gpa(), slot.end());
            dirtyLog = new DirtyLog(pages(slot));
        } else if (!now.logsDirtyPages()) {
            dirtyLog = null;
        }
        slot = now;
    }

    /** Makes the leaf covering the address one of at most that size. */
    public void shatter(long gpa, PageSize to) {
        PageSize from = Entry.size(table.walk(gpa));
        if (from.compareTo(to) > 0) {
            long start = from.alignDown(gpa);
            table.shatter(gpa, to);
            observer.takenBack(MappingChange.SHATTER, start, start + from.bytes(), all(from));
        }
    }

    /**
     * Makes one leaf of that size from those below it, if the host maps the range by one leaf too.
     *
     * @return whether a leaf of at least that size covers the address now
     */
    public boolean collapse(long gpa, PageSize to) {
        long start = to.alignDown(gpa);
        boolean hostIsLarge = slot.contains(start)
                && Entry.size(hva.walk(slot.hvaAt(start))).compareTo(to) >= 0;
        if (!hostIsLarge || !to.isAligned(slot.gpa() - slot.hva()) || dirtyLog != null) {
            return false;
        }
        table.forEach(start, start + to.bytes(), (address, size, entry) -> {
            table.clearBits(address, size, Entry.UNCACHED); // which leaves that become one would have to agree on
            return true;
        });
        if (!table.collapse(gpa, to)) {
            return false;
        }
        observer.takenBack(MappingChange.COLLAPSE, start, start + to.bytes(), all(to));
        return true;
    }

    private static FoundPages all(PageSize size) {
        return new FoundPages(size.basePages(), size.basePages(), size.basePages());
    }

    @Override
    public void changing(MappingChange kind, long startHva, long endHva) {
        long start = slot.gpaAt(Math.max(startHva, slot.hva()));
        long end = slot.gpaAt(Math.min(endHva, slot.hva() + slot.bytes()));
        if (start >= end || kind == MappingChange.COLLAPSE) {
            return;
        }
        if (kind == MappingChange.WRITE_PROTECT) {
            writeProtect(start, end);
        } else {
            zap(kind, start, end);
        }
    }

    @Override
    public void changed(MappingChange kind, long startHva, long endHva, long pagesFoundPresent) {
        assert !kind.leavesStaleEntries() || mapsOnlyWhatHvaMaps(slot.gpaAt(Math.max(startHva, slot.hva())),
                slot.gpaAt(Math.min(endHva, slot.hva() + slot.bytes()))) : kind + " left more mapped in the second"
                        + " stage than in the HVA table";
    }

    /** Tells whether every leaf in the guest-physical range lies within a host leaf that permits as much. */
    public boolean mapsOnlyWhatHvaMaps(long start, long end) {
        boolean[] holds = {true};
        table.forEach(start, end, (address, size, entry) -> {
            long hostAddress = slot.hvaAt(address);
            long host = hva.walk(hostAddress);
            holds[0] = Entry.isPresent(host) && Entry.size(host).compareTo(size) >= 0
                    && Entry.frameAt(host, hostAddress) == Entry.frame(entry)
                    && (!Entry.isWritable(entry) || Entry.isWritable(host));
            return holds[0];
        });
        return holds[0];
    }

    private String describe(long gpa) {
        return "gpa 0x" + Long.toHexString(gpa) + " maps " + Entry.describe(table.walk(gpa)) + ", its host address "
                + Entry.describe(hva.walk(slot.hvaAt(gpa)));
    }
}
