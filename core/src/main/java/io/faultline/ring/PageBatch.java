package io.faultline.ring;

import java.util.Arrays;

import io.faultline.memory.PageBuffer;
import io.faultline.memory.PageSize;
import io.faultline.userfault.FaultKind;
import io.faultline.userfault.UserfaultEvents;
import org.jspecify.annotations.Nullable;

/**
 * Pages of one memslot on their way round the ring: memslot, fault handler, page fetcher, memslot.
 *
 * <p>
 * Threading: a batch is handed over with the message that carries it. Whoever sends it must not touch it again; the
 * mailbox makes the hand-over visible. Times are nanoseconds of the world's clock.
 */
public final class PageBatch {
    /** No receive slot: the page's bytes are not (yet) in a fetcher's buffer. */
    public static final int NO_SLOT = -1;

    /** No fetcher holds receive slots for this batch. */
    public static final int NO_FETCHER = -1;

    // The lower bits are the flags of the fault message.
    private static final byte REMOVED_FLAG = 0x10;
    private static final byte FAILED_FLAG = 0x20;
    private static final byte MOVED_FLAG = 0x40;

    private final int memslot;
    private long[] pages;
    private long[] attempts;
    private long[] raisedNanos;
    private int[] slots;
    private @Nullable PageBuffer[] buffers;
    private byte[] faults;
    private int count;

    private Resolution resolution = Resolution.COPY;
    private int handler;
    private int fetcher = NO_FETCHER;
    private int fetcherIncarnation;
    private int fetchAttempt = 1;
    private long stagingHva;
    private @Nullable String failure;
    private int unfinished;
    private long forwardedNanos;
    private long handledNanos;
    private long fetchedNanos;

    /**
     * @param memslot
     *            index of the memslot all pages belong to
     * @param capacity
     *            how many pages to make room for; more may be added
     */
    public PageBatch(int memslot, int capacity) {
        assert memslot >= 0 && capacity > 0 : "memslot " + memslot + ", capacity " + capacity;
        this.memslot = memslot;
        this.pages = new long[capacity];
        this.attempts = new long[capacity];
        this.raisedNanos = new long[capacity];
        this.slots = new int[capacity];
        this.buffers = new @Nullable PageBuffer[capacity];
        this.faults = new byte[capacity];
    }

    /** Adds a page; {@code attempt} tells this try from earlier ones, which may still be under way. */
    public void add(long page, long attempt, FaultKind kind, boolean write, boolean removed, long raised) {
        int bits = kind.messageFlags(write) | (removed ? REMOVED_FLAG : 0);
        append(page, attempt, (byte) bits, raised, NO_SLOT, null);
    }

    private void append(long page, long attempt, byte fault, long raised, int slot, @Nullable PageBuffer buffer) {
        if (count == pages.length) {
            grow();
        }
        pages[count] = page;
        attempts[count] = attempt;
        raisedNanos[count] = raised;
        slots[count] = slot;
        buffers[count] = buffer;
        faults[count] = fault;
        count++;
    }

    private void grow() {
        int capacity = pages.length * 2;
        pages = Arrays.copyOf(pages, capacity);
        attempts = Arrays.copyOf(attempts, capacity);
        raisedNanos = Arrays.copyOf(raisedNanos, capacity);
        slots = Arrays.copyOf(slots, capacity);
        buffers = Arrays.copyOf(buffers, capacity);
        faults = Arrays.copyOf(faults, capacity);
    }

    /** An empty batch for pages of this one: same memslot, handler, fetcher and times. */
    public PageBatch emptyLike(int capacity) {
        PageBatch other = new PageBatch(memslot, capacity);
        other.resolution = resolution;
        other.handler = handler;
        other.fetcher = fetcher;
        other.fetcherIncarnation = fetcherIncarnation;
        other.fetchAttempt = fetchAttempt;
        other.stagingHva = stagingHva;
        other.forwardedNanos = forwardedNanos;
        other.handledNanos = handledNanos;
        other.fetchedNanos = fetchedNanos;
        return other;
    }

    /** Appends page {@code index} of {@code from}, its receive slot included. */
    public void addFrom(PageBatch from, int index) {
        assert from.memslot == memslot : "page of memslot " + from.memslot + " into a batch of memslot " + memslot;
        append(from.pages[index], from.attempts[index], from.faults[index], from.raisedNanos[index],
                from.slots[index], from.buffers[index]);
    }

    /** Appends page {@code index} of {@code from} without the receive slot, which somebody else still holds. */
    public void addWithoutSlot(PageBatch from, int index) {
        append(from.pages[index], from.attempts[index], from.faults[index], from.raisedNanos[index], NO_SLOT, null);
    }

    /** The pages that are not in a range; the batch itself when that is all of them, null when it is none. */
    public @Nullable PageBatch without(long firstPage, long endPage) {
        PageBatch left = emptyLike(count);
        for (int index = 0; index < count; index++) {
            if (pages[index] < firstPage || pages[index] >= endPage) {
                left.addFrom(this, index);
            }
        }
        if (left.count == count) {
            return this;
        }
        return left.count == 0 ? null : left;
    }

    /** Takes the last pages off into a batch of their own, so that {@code keep} remain. */
    public PageBatch splitAfter(int keep) {
        assert keep > 0 && keep < count : "keep " + keep + " of " + count;
        PageBatch rest = emptyLike(count - keep);
        for (int index = keep; index < count; index++) {
            rest.addFrom(this, index);
        }
        count = keep;
        return rest;
    }

    public int memslot() {
        return memslot;
    }

    public int count() {
        return count;
    }

    public long page(int index) {
        return pages[index];
    }

    public long attempt(int index) {
        return attempts[index];
    }

    public long raisedNanos(int index) {
        return raisedNanos[index];
    }

    public FaultKind kind(int index) {
        return FaultKind.ofFlags(faults[index]);
    }

    public boolean write(int index) {
        return (faults[index] & UserfaultEvents.FAULT_WRITE) != 0;
    }

    public boolean removed(int index) {
        return (faults[index] & REMOVED_FLAG) != 0;
    }

    /** The fetcher's receive slot that holds the page's bytes, or {@link #NO_SLOT}. */
    public int slot(int index) {
        return slots[index];
    }

    /** Gives the page a receive slot and the buffer that goes with it. */
    public void slot(int index, int slot, PageBuffer buffer) {
        assert slots[index] == NO_SLOT : "page " + pages[index] + " has slot " + slots[index] + " already";
        slots[index] = slot;
        buffers[index] = buffer;
    }

    /** Takes the page's receive slot away and tells which it was. */
    public int takeSlot(int index) {
        int slot = slots[index];
        slots[index] = NO_SLOT;
        buffers[index] = null;
        return slot;
    }

    /** Where the page's bytes are, or are to go. */
    public PageBuffer buffer(int index) {
        PageBuffer buffer = buffers[index];
        if (buffer == null) {
            throw new IllegalStateException("page " + pages[index] + " has no receive slot");
        }
        return buffer;
    }

    /**
     * The page was received into a staging range: from now on its slot is one of that range.
     *
     * @param rangeHva
     *            where the range begins; the same for all pages of the batch
     */
    public void staged(int index, int slot, long rangeHva) {
        assert slots[index] == NO_SLOT : "page " + pages[index] + " has slot " + slots[index] + " already";
        slots[index] = slot;
        stagingHva = rangeHva;
    }

    /** Where page {@code index} was received, in the fetcher's staging range. */
    public long stagedHva(int index, PageSize size) {
        assert slots[index] != NO_SLOT && stagingHva != 0 : "page " + pages[index] + " was not staged";
        return stagingHva + ((long) slots[index] << size.shift());
    }

    /** The page was moved out of its staging slot, whose range may not be reused before it was flushed. */
    public void moved(int index) {
        faults[index] |= MOVED_FLAG;
    }

    public boolean isMoved(int index) {
        return (faults[index] & MOVED_FLAG) != 0;
    }

    /** What is to be done with every page of this batch. */
    public Resolution resolution() {
        return resolution;
    }

    public void resolution(Resolution value) {
        resolution = value;
    }

    /** Index of the handler that decided about this batch. */
    public int handler() {
        return handler;
    }

    public void handler(int index) {
        handler = index;
    }

    /** Index of the fetcher whose receive slots the pages occupy, or {@link #NO_FETCHER}. */
    public int fetcher() {
        return fetcher;
    }

    /** How many fetchers there were at that index before. */
    public int fetcherIncarnation() {
        return fetcherIncarnation;
    }

    public void fetcher(int index, int incarnation) {
        fetcher = index;
        fetcherIncarnation = incarnation;
    }

    /** No receive slot is held for this batch any more. */
    public void noFetcher() {
        fetcher = NO_FETCHER;
    }

    /** The number of this try to fetch the pages, counted from 1. */
    public int fetchAttempt() {
        return fetchAttempt;
    }

    /** Counts one more try, and forgets why the last one failed. */
    public void nextFetchAttempt() {
        fetchAttempt++;
        failure = null;
        for (int index = 0; index < count; index++) {
            faults[index] &= ~FAILED_FLAG;
        }
    }

    /** The page could not be fetched this time. */
    public void fail(int index, String reason) {
        faults[index] |= FAILED_FLAG;
        failure = reason;
    }

    /** Why a page of this batch could not be fetched this time, or null. */
    public @Nullable String failure() {
        return failure;
    }

    /** Takes the pages that could not be fetched out into a batch of their own; null when there is none. */
    public @Nullable PageBatch splitFailed() {
        if (failure == null) {
            return null;
        }
        PageBatch failed = emptyLike(count);
        failed.failure = failure;
        int kept = 0;
        for (int index = 0; index < count; index++) {
            if ((faults[index] & FAILED_FLAG) != 0) {
                failed.addFrom(this, index);
            } else {
                move(index, kept++);
            }
        }
        count = kept;
        failure = null;
        return failed;
    }

    private void move(int from, int to) {
        pages[to] = pages[from];
        attempts[to] = attempts[from];
        raisedNanos[to] = raisedNanos[from];
        slots[to] = slots[from];
        buffers[to] = buffers[from];
        faults[to] = faults[from];
    }

    /** Pages the memslot has not finished with: parked ones keep their receive slot. */
    public int unfinished() {
        return unfinished;
    }

    public void unfinished(int pageCount) {
        assert pageCount >= 0 && pageCount <= count : pageCount + " unfinished of " + count;
        unfinished = pageCount;
    }

    /** When the memslot sent the batch to a handler. */
    public long forwardedNanos() {
        return forwardedNanos;
    }

    public void forwardedNanos(long nanos) {
        forwardedNanos = nanos;
    }

    /** When the handler had decided. */
    public long handledNanos() {
        return handledNanos;
    }

    public void handledNanos(long nanos) {
        handledNanos = nanos;
    }

    /** When the last byte had arrived; equal to {@link #handledNanos()} where nothing was fetched. */
    public long fetchedNanos() {
        return fetchedNanos;
    }

    public void fetchedNanos(long nanos) {
        fetchedNanos = nanos;
    }

    @Override
    public String toString() {
        return "PageBatch[memslot=" + memslot + ", count=" + count + ", resolution=" + resolution + ", pages="
                + Arrays.toString(Arrays.copyOf(pages, Math.min(count, 8))) + (count > 8 ? "…" : "") + "]";
    }
}
