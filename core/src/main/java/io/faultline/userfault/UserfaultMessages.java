package io.faultline.userfault;

import java.util.Objects;

/**
 * The messages of one read, as parallel arrays made once and filled again and again.
 *
 * <p>A port appends to it, a handler walks it by index, {@link #clear} empties it. Not thread-safe. Sized no smaller
 * than the number of waiters, it starves none: a buffer of 256 starved some of 1000 waiters for 200 ms (measured).
 */
public final class UserfaultMessages {
    /** The thread of a message when the port does not tell threads. */
    public static final int NO_THREAD = -1;

    private final int[] events;
    private final int[] flags;
    private final int[] threads;
    private final long[] firsts;
    private final long[] seconds;
    private final long[] thirds;
    private int count;

    /**
     * An empty buffer.
     *
     * @param capacity how many messages it holds, at least 1
     * @throws IllegalArgumentException when capacity is below 1
     */
    public UserfaultMessages(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("a message buffer of capacity " + capacity + "; it needs at least 1");
        }
        events = new int[capacity];
        flags = new int[capacity];
        threads = new int[capacity];
        firsts = new long[capacity];
        seconds = new long[capacity];
        thirds = new long[capacity];
    }

    /** {@return how many messages it can hold} */
    public int capacity() {
        return events.length;
    }

    /** {@return how many messages it holds} */
    public int count() {
        return count;
    }

    /** {@return whether no further message fits} */
    public boolean isFull() {
        return count == events.length;
    }

    /** Forgets all messages. */
    public void clear() {
        count = 0;
    }

    /**
     * Appends a fault message.
     *
     * @param address the faulting address, masked to the page unless the port has EXACT_ADDRESS
     * @param faultFlags the {@code FAULT_} flags of {@link UserfaultEvents}
     * @param thread who faulted, {@link #NO_THREAD} when not told
     * @param raisedNanos when the fault was raised, or read when that is not known
     * @throws IllegalStateException when the buffer is full
     */
    public void addFault(long address, int faultFlags, int thread, long raisedNanos) {
        add(UserfaultEvents.PAGEFAULT, faultFlags, thread, address, raisedNanos, 0);
    }

    /**
     * Appends a non-fault event.
     *
     * @param event one of {@link UserfaultEvents}, not PAGEFAULT
     * @param first REMOVE, UNMAP: the start; REMAP: the old address; FORK: the child's userfaultfd
     * @param second REMOVE, UNMAP: the end; REMAP: the new address
     * @param third REMAP: the length
     * @throws IllegalStateException when the buffer is full
     */
    public void addEvent(int event, long first, long second, long third) {
        assert event != UserfaultEvents.PAGEFAULT : "a fault message needs addFault";
        add(event, 0, NO_THREAD, first, second, third);
    }

    private void add(int event, int faultFlags, int thread, long first, long second, long third) {
        if (isFull()) {
            throw new IllegalStateException("the message buffer holds " + count + " messages and is full; clear it");
        }
        int i = count++;
        events[i] = event;
        flags[i] = faultFlags;
        threads[i] = thread;
        firsts[i] = first;
        seconds[i] = second;
        thirds[i] = third;
    }

    /**
     * The event of a message.
     *
     * @param i the message's index
     * @return one of {@link UserfaultEvents}
     */
    public int event(int i) {
        return events[checked(i)];
    }

    /**
     * Whether a message tells of a fault.
     *
     * @param i the message's index
     * @return true for PAGEFAULT, false for a non-fault event
     */
    public boolean isFault(int i) {
        return event(i) == UserfaultEvents.PAGEFAULT;
    }

    /**
     * The address of a fault.
     *
     * @param i the index of a fault message
     * @return its address
     */
    public long address(int i) {
        return firsts[fault(i)];
    }

    /**
     * The flags of a fault.
     *
     * @param i the index of a fault message
     * @return its {@code FAULT_} flags
     */
    public int flags(int i) {
        return flags[fault(i)];
    }

    /**
     * The kind of a fault.
     *
     * @param i the index of a fault message
     * @return what its flags tell
     */
    public FaultKind kind(int i) {
        return FaultKind.ofFlags(flags(i));
    }

    /**
     * Whether a fault was caused by a write.
     *
     * @param i the index of a fault message
     * @return true for a write
     */
    public boolean isWrite(int i) {
        return (flags(i) & UserfaultEvents.FAULT_WRITE) != 0;
    }

    /**
     * The thread of a fault.
     *
     * @param i the index of a fault message
     * @return who faulted, {@link #NO_THREAD} unless the port has the feature THREAD_ID
     */
    public int thread(int i) {
        return threads[fault(i)];
    }

    /**
     * When a fault was raised.
     *
     * @param i the index of a fault message
     * @return the time in nanoseconds of the raiser's clock
     */
    public long raisedNanos(int i) {
        return seconds[fault(i)];
    }

    /**
     * The start of the range of a non-fault event; for REMAP the old address, for FORK the child's userfaultfd.
     *
     * @param i the index of a non-fault message
     * @return the event's first value
     */
    public long start(int i) {
        return firsts[nonFault(i)];
    }

    /**
     * The end of the range of a non-fault event; for REMAP the new address.
     *
     * @param i the index of a non-fault message
     * @return the event's second value
     */
    public long end(int i) {
        return seconds[nonFault(i)];
    }

    /**
     * The length a REMAP event tells, in bytes.
     *
     * @param i the index of a REMAP message
     * @return the event's third value
     */
    public long length(int i) {
        return thirds[nonFault(i)];
    }

    private int checked(int i) {
        return Objects.checkIndex(i, count);
    }

    private int fault(int i) {
        assert isFault(i) : "message " + i + " is " + UserfaultEvents.describe(events[i]) + ", not a fault";
        return checked(i);
    }

    private int nonFault(int i) {
        assert !isFault(i) : "message " + i + " is a fault";
        return checked(i);
    }
}
