package io.faultline.flush;

import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A bounded append-only log of flushes to do, as each CPU's ring in LATR (Kumar et al., ASPLOS 2018) or an IOMMU's flush
 * queue. Positions count up for ever; the ring keeps those between {@link #head} and {@link #tail}.
 *
 * <p>One writer appends and trims; any thread reads the records it has not yet trimmed. A record is published by the
 * append, so who sees the tail sees the records before it. The append is a full barrier.
 */
public final class FlushLog {
    private static final int WORDS = 5;

    private final int owner;
    private final long[] ring;
    private final int capacity;
    private final AtomicLong head = new AtomicLong();
    private final AtomicLong tail = new AtomicLong();

    FlushLog(int owner, int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("a log of " + capacity + " records; at least 1 is needed");
        }
        this.owner = owner;
        this.capacity = capacity;
        ring = new long[Math.multiplyExact(capacity, WORDS)];
    }

    /** {@return the initiator or the CPU that writes it} */
    public int owner() {
        return owner;
    }

    /** {@return the oldest position kept} */
    public long head() {
        return head.get();
    }

    /** {@return the position the next record will have} */
    public long tail() {
        return tail.get();
    }

    /** {@return whether an append would find no room} */
    public boolean isFull() {
        return tail.get() - head.get() == capacity;
    }

    /**
     * Appends a record.
     *
     * @param asid the address space
     * @param generation its generation with the change
     * @param start the first byte
     * @param end the first byte after the range
     * @param ticket to acknowledge with
     * @return its position
     * @throws IllegalStateException when full: the policy must look first and flush at once instead
     */
    public long append(int asid, long generation, long start, long end, long ticket) {
        if (isFull()) {
            throw new IllegalStateException("the log of " + owner + " is full with " + capacity + " records");
        }
        long position = tail.get();
        int at = at(position);
        ring[at] = asid;
        ring[at + 1] = generation;
        ring[at + 2] = start;
        ring[at + 3] = end;
        ring[at + 4] = ticket;
        tail.set(position + 1);
        return position;
    }

    /**
     * Forgets the records before a position. Only after all who must read them have.
     *
     * @param position the oldest to keep
     */
    public void trim(long position) {
        assert position >= head.get() && position <= tail.get() : position + " outside " + this;
        head.set(position);
        // Whoever reads a word of a later record sees the new head too, and so knows that what he reads is gone.
        VarHandle.storeStoreFence();
    }

    /**
     * Tells whether the fields just read belonged to the record of a position: it may have been trimmed and overwritten
     * meanwhile, unless the reader is one of those that the trimming waits for.
     *
     * @param position read from
     * @return false when what was read is to be ignored
     */
    public boolean holds(long position) {
        VarHandle.loadLoadFence();
        return position >= head.get();
    }

    /** {@return the address space of a record} */
    public int asid(long position) {
        return (int) ring[at(position)];
    }

    /** {@return the generation of a record} */
    public long generation(long position) {
        return ring[at(position) + 1];
    }

    /** {@return the first byte of a record's range} */
    public long start(long position) {
        return ring[at(position) + 2];
    }

    /** {@return the first byte after a record's range} */
    public long end(long position) {
        return ring[at(position) + 3];
    }

    /** {@return the ticket of a record} */
    public long ticket(long position) {
        return ring[at(position) + 4];
    }

    private int at(long position) {
        return (int) (position % capacity) * WORDS;
    }

    @Override
    public String toString() {
        return "log of " + owner + ", " + head + " to " + tail + " of " + capacity;
    }
}
