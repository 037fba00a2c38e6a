package io.faultline.ring;

import java.util.Arrays;

import io.faultline.memory.PageBuffer;
import io.faultline.memory.PageSize;
import io.faultline.userfault.FaultKind;
import io.faultline.userfault.UserfaultEvents;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a {@link PageBatch}, one a page: which page, which try, what its fault was, and where its bytes are. Held as
 * columns, so that a batch of many pages is a few arrays; in the batch itself, so that a page costs no object to reach.
 */
abstract sealed class PageRows permits PageBatch {
    /** No receive slot: the page's bytes are not (yet) in a fetcher's buffer. */
    public static final int NO_SLOT = -1;

    // The lower bits are the flags of the fault message.
    private static final byte REMOVED_FLAG = 0x10;
    private static final byte FAILED_FLAG = 0x20;
    private static final byte MOVED_FLAG = 0x40;

    private long[] pages;
    private long[] attempts;
    private long[] raisedNanos;
    private int[] slots;
    private @Nullable PageBuffer[] buffers;
    private byte[] faults;
    private int count;
    private long stagingHva;

    PageRows(int capacity) {
        assert capacity > 0 : "capacity " + capacity;
        this.pages = new long[capacity];
        this.attempts = new long[capacity];
        this.raisedNanos = new long[capacity];
        this.slots = new int[capacity];
        this.buffers = new @Nullable PageBuffer[capacity];
        this.faults = new byte[capacity];
    }

    /** Adds a page; {@code attempt} tells this try from earlier ones, which may still be under way. */
    public final void add(long page, long attempt, FaultKind kind, boolean write, boolean removed, long raised) {
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

    final void appendFrom(PageRows from, int index) {
        append(from.pages[index], from.attempts[index], from.faults[index], from.raisedNanos[index],
                from.slots[index], from.buffers[index]);
    }

    /** Appends page {@code index} of {@code from} without the receive slot, which somebody else still holds. */
    public final void addWithoutSlot(PageRows from, int index) {
        append(from.pages[index], from.attempts[index], from.faults[index], from.raisedNanos[index], NO_SLOT, null);
    }

    /** Keeps the first rows only. */
    final void cutTo(int keep) {
        assert keep >= 0 && keep <= count : "keep " + keep + " of " + count;
        count = keep;
    }

    final void move(int from, int to) {
        pages[to] = pages[from];
        attempts[to] = attempts[from];
        raisedNanos[to] = raisedNanos[from];
        slots[to] = slots[from];
        buffers[to] = buffers[from];
        faults[to] = faults[from];
    }

    public final int count() {
        return count;
    }

    public final long page(int index) {
        return pages[index];
    }

    public final long attempt(int index) {
        return attempts[index];
    }

    public final long raisedNanos(int index) {
        return raisedNanos[index];
    }

    public final FaultKind kind(int index) {
        return FaultKind.ofFlags(faults[index]);
    }

    public final boolean write(int index) {
        return (faults[index] & UserfaultEvents.FAULT_WRITE) != 0;
    }

    public final boolean removed(int index) {
        return (faults[index] & REMOVED_FLAG) != 0;
    }

    /** The fetcher's receive slot that holds the page's bytes, or {@link #NO_SLOT}. */
    public final int slot(int index) {
        return slots[index];
    }

    /** Gives the page a receive slot and the buffer that goes with it. */
    public final void slot(int index, int slot, PageBuffer buffer) {
        assert slots[index] == NO_SLOT : "page " + pages[index] + " has slot " + slots[index] + " already";
        slots[index] = slot;
        buffers[index] = buffer;
    }

    /** Takes the page's receive slot away and tells which it was. */
    public final int takeSlot(int index) {
        int slot = slots[index];
        slots[index] = NO_SLOT;
        buffers[index] = null;
        return slot;
    }

    /** Where the page's bytes are, or are to go. */
    public final PageBuffer buffer(int index) {
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
    public final void staged(int index, int slot, long rangeHva) {
        assert slots[index] == NO_SLOT : "page " + pages[index] + " has slot " + slots[index] + " already";
        slots[index] = slot;
        stagingHva = rangeHva;
    }

    /** Where page {@code index} was received, in the fetcher's staging range. */
    public final long stagedHva(int index, PageSize size) {
        assert slots[index] != NO_SLOT && stagingHva != 0 : "page " + pages[index] + " was not staged";
        return stagingHva + ((long) slots[index] << size.shift());
    }

    /** The page was moved out of its staging slot, whose range may not be reused before it was flushed. */
    public final void moved(int index) {
        faults[index] |= MOVED_FLAG;
    }

    public final boolean isMoved(int index) {
        return (faults[index] & MOVED_FLAG) != 0;
    }

    /** Slots are in the staging range that those of the other rows are in. */
    final void stagedAs(PageRows other) {
        stagingHva = other.stagingHva;
    }

    final void markFailed(int index) {
        faults[index] |= FAILED_FLAG;
    }

    final boolean isFailed(int index) {
        return (faults[index] & FAILED_FLAG) != 0;
    }

    final void forgetFailed() {
        for (int index = 0; index < count; index++) {
            faults[index] &= ~FAILED_FLAG;
        }
    }

    /** The first few pages, to be read by people. */
    final String firstPages() {
        return Arrays.toString(Arrays.copyOf(pages, Math.min(count, 8))) + (count > 8 ? "…" : "");
    }
}
