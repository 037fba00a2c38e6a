package io.faultline.race;

import io.faultline.flush.ChangeKind;
import io.faultline.flush.Direction;
import io.faultline.memory.Entry;
import io.faultline.memory.PageSize;
import io.faultline.oracle.SafetyOracle;
import io.faultline.space.AddressSpace;
import io.faultline.space.MappingChange;
import io.faultline.space.MemoryObject;
import org.jspecify.annotations.Nullable;

/**
 * An address space ({@code mm}) over the runtime's: page table, mappings, observers. Pages of 4 KiB are counted from
 * address 0. Mapping pages is for before the first step, everything else is steps.
 */
public final class RaceSpace {
    private static final int READ_WRITE = AddressSpace.PROT_READ | AddressSpace.PROT_WRITE;

    private final Race race;
    private final String name;
    private final AddressSpace memory;
    private int asid;
    /** Whose step is changing the page table. */
    private @Nullable GatheredChanges changing;

    RaceSpace(Race race, String name, int asid) {
        this.race = race;
        this.name = name;
        this.asid = asid;
        memory = new AddressSpace(asid, race.frames());
        memory.observer((kind, start, end, found) -> {
            if (changing != null && kind.leavesStaleEntries()) {
                changing.changed(start, end, found);
            }
        });
        memory.reaper(entry -> {
            if (changing == null) {
                throw new IllegalStateException(name + " lost " + Entry.describe(entry) + " outside of a gather");
            }
            changing.take(entry);
        });
    }

    String name() {
        return name;
    }

    /** {@return the runtime's object; its page table is changed through a {@link RaceGather} only} */
    public AddressSpace memory() {
        return memory;
    }

    /** {@return the tag that TLBs keep its translations under} */
    public int asid() {
        return asid;
    }

    /**
     * Maps private anonymous memory, each page present, writable and the space's own.
     *
     * @param first the number of the first page
     * @param count how many
     * @return this
     */
    public RaceSpace anonymous(long first, int count) {
        reserve(first, count);
        for (long page = first; page < first + count; page++) {
            install(page, race.frames().allocate(PageSize.SIZE_4K));
        }
        return this;
    }

    /**
     * Maps private anonymous memory of which no page is present: where something is going to be moved to, or faulted in.
     *
     * @param first the number of the first page
     * @param count how many
     * @return this
     */
    public RaceSpace reserve(long first, int count) {
        MemoryObject object = MemoryObject.anon(PageSize.SIZE_4K, RacePages.address(count));
        RacePages.require(memory.mmap(RacePages.address(first), RacePages.address(count), object, 0, READ_WRITE, false),
                first);
        return this;
    }

    /**
     * Maps a file shared, all its pages present and writable.
     *
     * @param file what
     * @param first the number of the first page
     * @return this
     */
    public RaceSpace file(RaceFile file, long first) {
        reserve(file, first);
        MemoryObject object = file.object();
        for (int page = 0; page < object.pages(); page++) {
            long frame = object.cached(page);
            race.frames().retain(frame, PageSize.SIZE_4K);
            install(first + page, frame);
        }
        return this;
    }

    /**
     * Maps a file shared, none of its pages present.
     *
     * @param file what
     * @param first the number of the first page
     * @return this
     */
    public RaceSpace reserve(RaceFile file, long first) {
        MemoryObject object = file.object();
        RacePages.require(memory.mmap(RacePages.address(first), object.bytes(), object, 0, READ_WRITE, true), first);
        return this;
    }

    /** Puts a present, writable entry where there is none; it takes over a reference to the frame. */
    void install(long page, long frame) {
        install(page, frame, Entry.WRITABLE);
    }

    void install(long page, long frame, long flags) {
        long entry = Entry.of(frame, PageSize.SIZE_4K, flags);
        RacePages.require(memory.mappings().install(RacePages.address(page), PageSize.SIZE_4K, entry), page);
    }

    /**
     * Gives a page's frame one more reference, so that it is not the space's alone and a write to it after write protection
     * copies it: the swap cache's, or a pin.
     *
     * @param page its number; it is present
     * @return this
     */
    public RaceSpace pin(long page) {
        long frame = frame(page);
        race.frames().retain(frame, PageSize.SIZE_4K);
        race.frames().exclusive(frame, false);
        return this;
    }

    /**
     * Has a thread's CPU cache the translation of a page before the race begins, as after an access.
     *
     * @param thread who runs in this space
     * @param page its number; it is present
     * @param write whether it was written
     * @return this
     */
    public RaceSpace cachedBy(RaceThread thread, long page, boolean write) {
        thread.cpu().caches(this, page, write);
        return this;
    }

    /**
     * Returns the step of reading a page: through the TLB, else after a walk. A page fault is noted, and that is all.
     *
     * @param page its number
     */
    public RaceStep read(long page) {
        return thread -> thread.when("read page " + page, () -> true, () -> thread.cpu().access(this, page, false));
    }

    /**
     * Returns the step of writing a page, as {@link #read}; the walk sets the dirty bit.
     *
     * @param page its number
     */
    public RaceStep write(long page) {
        return thread -> thread.when("write page " + page, () -> true, () -> thread.cpu().access(this, page, true));
    }

    /**
     * Returns the step of a walk without an access: the CPU speculates, and caches what it finds.
     *
     * @param page its number
     */
    public RaceStep walk(long page) {
        return thread -> thread.when("walk to page " + page + " speculatively", () -> true,
                () -> thread.cpu().speculate(this, page));
    }

    /**
     * Returns an access in two steps, between which others may act but no interrupt is taken: the address is translated,
     * then the page is accessed. So does an instruction that the hypervisor emulates.
     *
     * @param page its number
     * @param write whether it writes
     */
    public RaceStep slowAccess(long page, boolean write) {
        String verb = write ? "write" : "read";
        return thread -> {
            thread.when("begin to " + verb + " page " + page + ": translate", () -> true,
                    () -> thread.cpu().beginAccess(this, page, write));
            thread.when("complete the " + verb + " of page " + page, () -> true, thread.cpu()::completeAccess);
        };
    }

    /**
     * Returns the step of a page fault that finds no page and makes one; blocked while there is no free frame.
     *
     * @param page its number
     */
    public RaceStep faultIn(long page) {
        return thread -> thread.when("fault page " + page + " in", () -> race.frames().freeFrames() > 0, () -> {
            long frame = race.frames().allocate(PageSize.SIZE_4K);
            install(page, frame);
            thread.note("frame " + frame);
        });
    }

    /**
     * Returns the step in which a virtual range that had been mapped is handed out again.
     *
     * @param first the number of the first page
     * @param count how many
     */
    public RaceStep reuse(long first, int count) {
        String what = "use " + RacePages.pages(RacePages.address(first), RacePages.address(first + count)) + " again";
        return RaceStep.of(what,
                () -> race.oracle().rangeReused(asid, RacePages.address(first), RacePages.address(first + count)));
    }

    /**
     * Returns the step of saving a page's contents elsewhere: what is written to it later is lost.
     *
     * @param page its number; it is present
     */
    public RaceStep save(long page) {
        return thread -> thread.when("save page " + page, () -> true, () -> {
            long frame = frame(page);
            race.oracle().copied(frame, 1);
            thread.note("frame " + frame);
        });
    }

    /**
     * Begins to collect changes of the page table for one flush.
     *
     * @param kind what they are
     * @return without changes; for one operation
     */
    public RaceGather gather(ChangeKind kind) {
        return new RaceGather(race, this, kind, Direction.NONE);
    }

    /**
     * Begins to collect moves of pages for one flush.
     *
     * @param direction which way
     * @return without changes; for one operation
     */
    public RaceGather gatherMoves(Direction direction) {
        return new RaceGather(race, this, ChangeKind.MOVE, direction);
    }

    /** {@return whether a page is present in the page table} */
    public boolean isPresent(long page) {
        return Entry.isPresent(entry(page));
    }

    /** {@return whether a page is present and not writable} */
    public boolean isReadOnly(long page) {
        return isPresent(page) && !Entry.isWritable(entry(page));
    }

    /** {@return whether a page is write-protected through userfaultfd} */
    public boolean isWriteProtected(long page) {
        return Entry.isUffdWp(entry(page));
    }

    /** {@return whether the page table says that a page was written} */
    public boolean isDirty(long page) {
        return Entry.isDirty(entry(page));
    }

    /** {@return the entry of a page} */
    public long entry(long page) {
        return memory.hva().walk(RacePages.address(page));
    }

    long frame(long page) {
        return RacePages.frame(entry(page), page);
    }

    /** Changes the page table for a gather, which hears of it. */
    void change(GatheredChanges gathered, Runnable change) {
        changing = gathered;
        try {
            change.run();
        } finally {
            changing = null;
        }
    }

    /** Goes on under another tag; the oracle hears of a tag that has been somebody's before. */
    void retag(int tag) {
        asid = tag;
    }

    Race race() {
        return race;
    }

    SafetyOracle oracle() {
        return race.oracle();
    }

    /** Drops the mapped leaves of a range. */
    void unmap(long start, long end) {
        memory.mappings().unmap(start, end, MappingChange.DISCARD, false);
    }
}
