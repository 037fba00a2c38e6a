package io.faultline.race;

import io.faultline.flush.ChangeKind;
import io.faultline.flush.Direction;
import io.faultline.memory.Entry;
import io.faultline.memory.FramePool;
import io.faultline.memory.PageSize;
import io.faultline.memory.PageTable;
import io.faultline.space.AddressSpace;

/** What an operation does to the entries of a page table, one change a step, in the kernel's words. */
public abstract sealed class RaceChanges permits RaceGather {
    /** What one page-table page maps: 512 pages. */
    static final long TABLE_BYTES = PageSize.SIZE_2M.bytes();

    private final Race race;
    private final RaceSpace space;
    private final PageTable table;
    private final GatheredChanges changes;
    /** The entry that the operation took out last, or is about to replace by a copy. */
    private long old;
    private long copy = -1;

    RaceChanges(Race race, RaceSpace space, ChangeKind kind, Direction direction) {
        this.race = race;
        this.space = space;
        table = space.memory().hva();
        changes = new GatheredChanges(space, kind, direction);
    }

    Race race() {
        return race;
    }

    RaceSpace space() {
        return space;
    }

    GatheredChanges changes() {
        return changes;
    }

    /** A step that changes entries of the space. */
    RaceStep step(String what, Runnable change) {
        return thread -> thread.when(what, () -> true, () -> {
            changes.begin();
            space.change(changes, change);
        });
    }

    /**
     * Returns the step of taking entries out ({@code ptep_get_and_clear}): of munmap, MADV_DONTNEED, reclaim, or before
     * another is set.
     *
     * @param first the number of the first page
     * @param count how many
     */
    public RaceStep zap(long first, int count) {
        return step("ptep_get_and_clear " + text(first, count), () -> {
            old = space.entry(first);
            note(old);
            space.unmap(RacePages.address(first), RacePages.address(first + count));
        });
    }

    /**
     * Returns the step of taking one entry out, as {@link #zap(long, int)}.
     *
     * @param page its number
     */
    public RaceStep zap(long page) {
        return zap(page, 1);
    }

    /**
     * Returns the step of mprotect that takes the write permission from mapping and entries.
     *
     * @param first the number of the first page
     * @param count how many
     */
    public RaceStep mprotectReadOnly(long first, int count) {
        return step("mprotect(PROT_READ) " + text(first, count), () -> {
            note(space.entry(first));
            RacePages.require(space.memory()
                    .mprotect(RacePages.address(first), RacePages.address(count),
                            AddressSpace.PROT_READ),
                    first);
        });
    }

    /**
     * Returns the step of userfault write protection.
     *
     * @param page its number
     */
    public RaceStep writeProtect(long page) {
        return step("pte_mkuffd_wp page " + page,
                () -> space.memory().mappings().writeProtect(RacePages.address(page), RacePages.address(page + 1)));
    }

    /**
     * Returns the step of taking write protection back; the entry becomes writable only if the page is the space's alone.
     *
     * @param page its number
     */
    public RaceStep unprotect(long page) {
        return step("pte_clear_uffd_wp page " + page, () -> {
            space.memory().mappings().unprotect(RacePages.address(page), RacePages.address(page + 1));
            changes.changed(RacePages.address(page), RacePages.address(page + 1), 0);
            note(space.entry(page));
        });
    }

    /**
     * Returns the step of taking the write bit from an entry ({@code pte_wrprotect}).
     *
     * @param page its number
     */
    public RaceStep clearWrite(long page) {
        return step("pte_wrprotect page " + page,
                () -> clearBit(page, Entry.WRITABLE, "was writable", "was read-only"));
    }

    /**
     * Returns the step of taking the dirty bit from an entry ({@code pte_mkclean}).
     *
     * @param page its number
     */
    public RaceStep clearDirty(long page) {
        return step("pte_mkclean page " + page, () -> {
            if (space.isPresent(page)) {
                changes.cleans(space.frame(page));
            }
            clearBit(page, Entry.DIRTY, "was dirty", "was clean");
        });
    }

    private void clearBit(long page, long bit, String wasSet, String wasClear) {
        boolean set = (table.clearBits(RacePages.address(page), PageSize.SIZE_4K, bit) & bit) != 0;
        changes.changed(RacePages.address(page), RacePages.address(page + 1), set ? 1 : 0);
        race.stage().note(set ? wasSet : wasClear);
    }

    /**
     * Returns the step of UFFDIO_MOVE: the page leaves one address for another, where it is writable and dirty.
     *
     * @param from its number
     * @param to its number afterwards; nothing is there
     */
    public RaceStep move(long from, long to) {
        return step("UFFDIO_MOVE page " + from + " to " + to, () -> RacePages.require(space.memory()
                .mappings()
                .move(RacePages.address(to), RacePages.address(from), PageSize.SIZE_4K), from));
    }

    /**
     * Returns the step of mremap that moves one entry as it is ({@code move_ptes}).
     *
     * @param from its page's number
     * @param to its page's number afterwards; nothing is there
     */
    public RaceStep moveEntry(long from, long to) {
        return step("move the PTE of page " + from + " to " + to, () -> relocate(from, to));
    }

    /**
     * Returns the step of mremap that moves a whole page table by its entry in the table above ({@code move_normal_pmd}).
     *
     * @param from the number of the table's first page, a multiple of 512
     * @param to the number of its first page afterwards; nothing is there
     */
    public RaceStep moveTable(long from, long to) {
        return step("move the page table of page " + from + " to " + to, () -> {
            for (int index = 0; index < TABLE_BYTES / PageSize.SIZE_4K.bytes(); index++) {
                relocate(from + index, to + index);
            }
        });
    }

    private void relocate(long from, long to) {
        long address = RacePages.address(from);
        long entry = table.exchange(address, PageSize.SIZE_4K, Entry.NONE);
        changes.changed(address, RacePages.address(from + 1), Entry.isMapped(entry) ? 1 : 0);
        if (entry != Entry.NONE) {
            table.set(RacePages.address(to), PageSize.SIZE_4K, entry);
        }
    }

    /**
     * Returns the step of unhooking a page table, entries and all ({@code free_pgtables}); {@link RaceGather#free} gives it back.
     *
     * @param first the number of its first page, a multiple of 512
     */
    public RaceStep unhookTable(long first) {
        return step("unhook the page table of page " + first, () -> {
            long start = RacePages.address(first);
            space.unmap(start, start + TABLE_BYTES);
            changes.tableFreed(start);
        });
    }

    /**
     * Returns the step of fork that shares a page: both entries are read-only from then on ({@code copy_present_pte}).
     *
     * @param page its number
     * @param child whose mapping is there, the page not
     */
    public RaceStep share(long page, RaceSpace child) {
        return step("copy_present_pte page " + page + ": wrprotect, share", () -> {
            long before = table.clearBits(RacePages.address(page), PageSize.SIZE_4K, Entry.WRITABLE);
            changes.changed(RacePages.address(page), RacePages.address(page + 1), Entry.isWritable(before) ? 1 : 0);
            long frame = RacePages.frame(before, page);
            race.frames().retain(frame, PageSize.SIZE_4K);
            race.frames().exclusive(frame, false);
            child.install(page, frame, Entry.ACCESSED);
        });
    }

    /**
     * Returns the step of copying a page for another frame: copy-on-write ({@code cow_user_page}) while it is mapped,
     * migration after it was zapped. Blocked while there is no free frame.
     *
     * @param page its number
     */
    public RaceStep copy(long page) {
        FramePool frames = race.frames();
        return thread -> thread.when("copy page " + page, () -> frames.freeFrames() > 0, () -> {
            long entry = space.isPresent(page) ? space.entry(page) : old;
            long from = RacePages.frame(entry, page);
            copy = frames.allocate(PageSize.SIZE_4K);
            race.oracle().copied(from, 1);
            frames.contents().copy(from, copy, 1);
            thread.note("frame " + from + " to " + copy);
        });
    }

    /**
     * Returns the step of mapping the copy, writable, in place of what may still be there ({@code set_pte_at}).
     *
     * @param page its number
     */
    public RaceStep setCopy(long page) {
        return step("set_pte_at page " + page + ": the copy", () -> {
            space.unmap(RacePages.address(page), RacePages.address(page + 1));
            space.install(page, copy);
            race.stage().note("frame " + copy);
        });
    }

    /**
     * Returns the steps in which reclaim looks whether the page zapped last was dirty: dirty it is mapped again, clean it is
     * given up without saving it.
     *
     * @param page its number
     */
    public RaceStep dropUnlessDirty(long page) {
        return thread -> thread.when("pte_dirty? else drop page " + page, () -> true, () -> {
            long frame = RacePages.frame(old, page);
            if (Entry.isDirty(old)) {
                thread.note("dirty, kept");
                race.frames().retain(frame, PageSize.SIZE_4K);
                space.install(page, frame, Entry.WRITABLE | Entry.DIRTY);
            } else {
                thread.note("clean, dropped");
                race.oracle().droppedAsClean(frame, 1);
            }
        });
    }

    /**
     * Returns the step of giving the space another tag, as when tags run out; what TLBs hold under the old one is stale.
     *
     * @param tag from now on; when it was another's, that one's translations must be gone by then
     */
    public RaceStep retag(int tag) {
        return step("new ASID " + tag + " for " + space.name(), () -> {
            changes.changed(0, 1L << PageTable.ADDRESS_BITS, 1);
            race.oracle().rangeReused(tag, 0, 1L << PageTable.ADDRESS_BITS);
            space.retag(tag);
        });
    }

    /**
     * Returns the step of looking at a range without changing it, so that {@link RaceGather#flush} of a gather of kind BARRIER is
     * about it.
     *
     * @param page its number
     */
    public RaceStep about(long page) {
        return step("mm_tlb_flush_pending?",
                () -> changes.changed(RacePages.address(page), RacePages.address(page + 1), 0));
    }

    private static String text(long first, int count) {
        return RacePages.pages(RacePages.address(first), RacePages.address(first + count));
    }

    private void note(long entry) {
        race.stage()
                .note(Entry.isMapped(entry)
                        ? "frame " + Entry.frame(entry) + (Entry.isDirty(entry) ? ", dirty" : "")
                        : "pte_none");
    }
}
