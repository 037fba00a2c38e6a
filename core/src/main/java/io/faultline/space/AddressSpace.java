package io.faultline.space;

import java.util.List;

import io.faultline.memory.Errno;
import io.faultline.memory.FramePool;
import io.faultline.memory.PageSize;
import io.faultline.memory.PageTable;
import org.jspecify.annotations.Nullable;

/**
 * A process's memory: its mappings, its HVA page table and the leases on it. System calls answer with the kernel's
 * error numbers.
 *
 * <p>
 * Threading: one owner makes the calls that change mappings (mmap, munmap, mprotect, registration, leases, observers).
 * Looking a mapping up, and walking the table, takes no lock and may be done by anyone. Entries of a range are changed
 * by its writer: the holder of its lease or, while it is recalled or nobody has one, the owner.
 */
public final class AddressSpace {
    /** Protection: loads are permitted. */
    public static final int PROT_READ = 1;
    /** Protection: stores are permitted. */
    public static final int PROT_WRITE = 2;

    /** Linux's user half of 48-bit addresses. */
    private static final long END = 1L << (PageTable.ADDRESS_BITS - 1);
    private static final long LOWEST = PageSize.SIZE_1G.bytes();

    private final int id;
    private final FramePool frames;
    private final PageTable hva = new PageTable();
    private final Mappings mappings;
    private final Reservations reservations;
    private final Leases leases = new Leases();
    private final Advice advice;
    private volatile VmaList vmas = VmaList.EMPTY;
    private volatile Observers observers = Observers.NONE;
    private volatile FrameReaper reaper;
    private volatile boolean alive = true;

    /**
     * Makes an empty address space.
     *
     * @param id
     *            tells it from others, in traces
     * @param frames
     *            where its frames come from and go back to
     */
    public AddressSpace(int id, FramePool frames) {
        this.id = id;
        this.frames = frames;
        this.reservations = new Reservations(frames);
        this.reaper = FrameReaper.releasingTo(frames);
        this.mappings = new Mappings(this);
        this.advice = new Advice(this, leases);
    }

    /** Returns what tells it from others. */
    public int id() {
        return id;
    }

    /** Returns where its frames come from. */
    public FramePool frames() {
        return frames;
    }

    /** Returns its page table; change it through {@link #mappings}. */
    public PageTable hva() {
        return hva;
    }

    /** Returns the changes one can make to its page table. */
    public Mappings mappings() {
        return mappings;
    }

    /** Returns the large runs of frames kept for regions that are not mapped as a whole yet. */
    public Reservations reservations() {
        return reservations;
    }

    /** Returns the mapping at the address, or null; takes no lock. */
    public @Nullable Vma vmaAt(long address) {
        return vmas.at(address);
    }

    VmaList vmaList() {
        return vmas;
    }

    Leases leaseList() {
        return leases;
    }

    /** Returns the mappings that overlap the range, whole, in order; takes no lock. */
    public List<Vma> vmas(long start, long end) {
        return vmas.overlapping(start, end);
    }

    /** Tells whether every byte of the range is mapped; takes no lock. */
    public boolean isMapped(long start, long end) {
        return vmas.covers(start, end);
    }

    /** Tells whether it still exists; when it does not, userfault operations answer ESRCH. */
    public boolean isAlive() {
        return alive;
    }

    /**
     * Maps an object at a fixed address (MAP_FIXED_NOREPLACE).
     *
     * @param protection
     *            any of {@link #PROT_READ}, {@link #PROT_WRITE}
     * @param shared
     *            whether stores go to the object
     * @return OK; EINVAL for nothing or for what is not aligned to the object's pages; ENOMEM beyond the address space;
     *         EEXIST when something is mapped there
     */
    public Errno mmap(long start, long bytes, MemoryObject object, long objectOffset, int protection,
            boolean shared) {
        PageSize size = object.pageSize();
        if (bytes <= 0 || objectOffset < 0 || !size.isAligned(start | bytes | objectOffset)) {
            return Errno.EINVAL;
        }
        if (start < 0 || start > END - bytes) {
            return Errno.ENOMEM;
        }
        if (!vmas.overlapping(start, start + bytes).isEmpty()) {
            return Errno.EEXIST;
        }
        vmas = vmas.with(new Vma(start, start + bytes, size, object, objectOffset, (protection & PROT_READ) != 0,
                (protection & PROT_WRITE) != 0, shared, null));
        return Errno.OK;
    }

    /**
     * Returns the lowest address at which that many bytes are free; -1 when there is none.
     *
     * @param alignment
     *            what the address is a multiple of
     */
    public long findFree(long bytes, PageSize alignment) {
        long address = LOWEST;
        for (Vma vma : vmas.all()) {
            if (vma.start() - address >= bytes) {
                break;
            }
            address = Math.max(address, alignment.alignUp(vma.end()));
        }
        return address <= END - bytes ? address : -1;
    }

    /**
     * Unmaps whatever is in the range; holes are fine.
     *
     * @return OK; EINVAL for nothing, or for a bound that is not aligned or would cut a huge page
     * @throws IllegalStateException
     *             when a lease in the range has not been recalled
     */
    public Errno munmap(long start, long bytes) {
        if (!isRange(start, bytes) || cutsPage(start) || cutsPage(start + bytes)) {
            return Errno.EINVAL;
        }
        long end = start + bytes;
        leases.requireRecalled(start, end);
        mappings.unmap(start, end, MappingChange.UNMAP, false);
        reservations.giveUp(start, end);
        hva.prune(start, end);
        vmas = vmas.changed(start, end, vma -> null);
        return Errno.OK;
    }

    /**
     * Changes permissions.
     *
     * @param protection
     *            any of {@link #PROT_READ}, {@link #PROT_WRITE}
     * @return OK; EINVAL as for {@link #munmap}; ENOMEM when the range has a hole
     * @throws IllegalStateException
     *             when a lease in the range has not been recalled
     */
    public Errno mprotect(long start, long bytes, int protection) {
        if (!isRange(start, bytes) || cutsPage(start) || cutsPage(start + bytes)) {
            return Errno.EINVAL;
        }
        long end = start + bytes;
        if (!vmas.covers(start, end)) {
            return Errno.ENOMEM;
        }
        leases.requireRecalled(start, end);
        boolean readable = (protection & PROT_READ) != 0;
        boolean writable = (protection & PROT_WRITE) != 0;
        vmas = vmas.changed(start, end, vma -> vma.withPermissions(readable, writable));
        mappings.applyPermissions(start, end);
        return Errno.OK;
    }

    /**
     * Drops the pages of the range (MADV_DONTNEED): anonymous ones are gone, those of a page cache are only unmapped
     * and keep their userfault write protection. In huge pages the end is rounded down (Linux 8ebe0a5eaaeb).
     *
     * @return OK; EINVAL for what is not aligned; ENOMEM when the range has a hole, after the rest was done
     * @throws IllegalStateException
     *             when the range reaches beyond a lease that has not been recalled
     */
    public Errno discard(long start, long bytes) {
        if (!isRange(start, bytes) || cutsPage(start)) {
            return Errno.EINVAL;
        }
        return advice.discard(vmas, start, start + bytes);
    }

    /**
     * Takes the pages of the range out of their object (MADV_REMOVE), and so out of every mapping of it in this
     * address space. Other spaces that map the object do {@link #unmapObject} first.
     *
     * @return OK; EINVAL for what is not aligned, or for memory without a page cache; EACCES for a mapping that is not
     *         shared and writable; ENOMEM when the range has a hole, after the rest was done
     * @throws IllegalStateException
     *             when one of the mappings is under a lease that has not been recalled
     */
    public Errno punchHole(long start, long bytes) {
        if (!isRange(start, bytes) || cutsPage(start) || cutsPage(start + bytes)) {
            return Errno.EINVAL;
        }
        return advice.punchHole(vmas, start, start + bytes);
    }

    /**
     * Unmaps a part of an object wherever this address space maps it, as a truncation does.
     *
     * @throws IllegalStateException
     *             when one of the mappings is under a lease that has not been recalled
     */
    public void unmapObject(MemoryObject object, long objectOffset, long bytes) {
        advice.unmapObject(vmas, object, objectOffset, bytes);
    }

    /**
     * Registers the mappings of a range with a userfaultfd; they are split at its bounds, and so is a large leaf that
     * reaches across. Holes are passed over. What a registration must satisfy is the port's to check.
     *
     * @throws IllegalArgumentException
     *             when a bound is not aligned or would cut a huge page
     */
    public void register(long start, long end, UserfaultRegistration registration) {
        setRegistration(start, end, registration);
    }

    /**
     * Takes the registration of a range away; throws as {@link #register}. Write protection is the port's to take back
     * first.
     */
    public void unregister(long start, long end) {
        setRegistration(start, end, null);
    }

    private void setRegistration(long start, long end, @Nullable UserfaultRegistration registration) {
        if (!isRange(start, end - start) || cutsPage(start) || cutsPage(end)) {
            throw new IllegalArgumentException("0x" + Long.toHexString(start) + "-0x" + Long.toHexString(end)
                    + " is empty, not aligned, or cuts a huge page");
        }
        mappings.isolate(start, end);
        vmas = vmas.changed(start, end, vma -> vma.withRegistration(registration));
    }

    private static boolean isRange(long start, long bytes) {
        return bytes > 0 && start >= 0 && start <= END - bytes && PageSize.SIZE_4K.isAligned(start | bytes);
    }

    private boolean cutsPage(long bound) {
        Vma vma = vmas.at(bound);
        return vma != null && !vma.pageSize().isAligned(bound);
    }

    /**
     * Leases a range: the holder is now the only writer of its entries.
     *
     * @throws IllegalStateException
     *             when a part of it is leased already
     */
    public HvaLease lease(long start, long end) {
        return leases.lease(start, end);
    }

    /** Takes a lease back for good. */
    public void endLease(HvaLease lease) {
        leases.end(lease);
    }

    /** Returns the leases that overlap the range; takes no lock. */
    public List<HvaLease> leases(long start, long end) {
        return leases.overlapping(start, end);
    }

    /** Tells whether a lease in the range is recalled, so that installs answer EAGAIN; takes no lock. */
    public boolean isRecalled(long start, long end) {
        return leases.isRecalled(start, end);
    }

    /** Adds one who hears of every change of the page table. */
    public void observer(MappingObserver observer) {
        observers = observers.with(observer);
    }

    /** Adds one who hears of changes that overlap the range. */
    public void observer(long start, long end, MappingObserver observer) {
        observers = observers.with(start, end, observer);
    }

    /** Removes an observer from wherever it was added. */
    public void removeObserver(MappingObserver observer) {
        observers = observers.without(observer);
    }

    Observers observers() {
        return observers;
    }

    /** Sets who takes over the frames of unmapped leaves; at first they are released at once. */
    public void reaper(FrameReaper reaper) {
        this.reaper = reaper;
    }

    FrameReaper reaper() {
        return reaper;
    }

    /**
     * Ends the address space: unmaps everything.
     *
     * @throws IllegalStateException
     *             when a lease has not been recalled
     */
    public void exit() {
        Errno errno = munmap(0, END);
        assert errno == Errno.OK : "munmap of everything answered " + errno;
        alive = false;
    }
}
