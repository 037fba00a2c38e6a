package io.faultline.ring;

import java.util.Arrays;

import io.faultline.userfault.FaultKind;
import io.faultline.userfault.UserfaultEvents;

/**
 * The pages of one memslot whose faults are being resolved, by page index within the memslot: which attempt is under
 * way, since when, and for what kind of fault.
 *
 * <p>
 * An open-addressed table of primitive arrays with linear probing and backward-shift deletion (Knuth, TAOCP vol. 3,
 * 6.4, algorithm R), because there may be as many entries as vCPUs and none should be an object. Positions returned by
 * {@link #find} hold until the next {@link #add} or {@link #remove}. Not thread-safe: the memslot owns it.
 */
public final class PendingPages {
    private static final int EMPTY = -1;
    private static final int FIRST_CAPACITY = 16;

    private int[] pages = emptyTable(FIRST_CAPACITY);
    private long[] attempts = new long[FIRST_CAPACITY];
    private long[] raisedNanos = new long[FIRST_CAPACITY];
    /** The flags of the fault message. */
    private byte[] faults = new byte[FIRST_CAPACITY];
    private int size;

    private static int[] emptyTable(int capacity) {
        int[] table = new int[capacity];
        Arrays.fill(table, EMPTY);
        return table;
    }

    /** How many pages are pending. */
    public int size() {
        return size;
    }

    /** Table length: positions below it may be visited with {@link #isOccupied}. */
    public int capacity() {
        return pages.length;
    }

    public boolean isOccupied(int position) {
        return pages[position] != EMPTY;
    }

    /** The position of a page, or -1 when it is not pending. */
    public int find(int page) {
        int mask = pages.length - 1;
        int position = home(page, mask);
        while (pages[position] != EMPTY) {
            if (pages[position] == page) {
                return position;
            }
            position = (position + 1) & mask;
        }
        return -1;
    }

    /** Adds a page that is not pending yet. */
    public void add(int page, long attempt, FaultKind kind, boolean write, long raised) {
        assert page >= 0 && find(page) < 0 : "page " + page + " negative or already pending";
        if ((size + 1) * 2 > pages.length) {
            grow();
        }
        insert(page, attempt, (byte) kind.messageFlags(write), raised);
        size++;
    }

    private void insert(int page, long attempt, byte fault, long raised) {
        int mask = pages.length - 1;
        int position = home(page, mask);
        while (pages[position] != EMPTY) {
            position = (position + 1) & mask;
        }
        pages[position] = page;
        attempts[position] = attempt;
        faults[position] = fault;
        raisedNanos[position] = raised;
    }

    /** Removes the page at a position found before. */
    public void remove(int position) {
        assert pages[position] != EMPTY : "nothing at position " + position;
        int mask = pages.length - 1;
        int hole = position;
        int next = (hole + 1) & mask;
        while (pages[next] != EMPTY) {
            int home = home(pages[next], mask);
            boolean mayMove = ((next - home) & mask) >= ((next - hole) & mask);
            if (mayMove) {
                pages[hole] = pages[next];
                attempts[hole] = attempts[next];
                faults[hole] = faults[next];
                raisedNanos[hole] = raisedNanos[next];
                hole = next;
            }
            next = (next + 1) & mask;
        }
        pages[hole] = EMPTY;
        size--;
    }

    public int page(int position) {
        return pages[position];
    }

    /** The attempt under way; an install that carries another one is late and to be ignored. */
    public long attempt(int position) {
        return attempts[position];
    }

    /** Begins a new attempt, for example because an actor that had the page was replaced. */
    public void attempt(int position, long attempt) {
        assert attempt > attempts[position] : "attempt " + attempt + " after " + attempts[position];
        attempts[position] = attempt;
    }

    /** When the first fault of the page was raised. */
    public long raisedNanos(int position) {
        return raisedNanos[position];
    }

    public FaultKind kind(int position) {
        return FaultKind.ofFlags(faults[position]);
    }

    /** A page that was continued may turn out to be missing after all, and the other way round. */
    public void kind(int position, FaultKind kind) {
        faults[position] = (byte) kind.messageFlags(write(position));
    }

    public boolean write(int position) {
        return (faults[position] & UserfaultEvents.FAULT_WRITE) != 0;
    }

    private void grow() {
        int[] oldPages = pages;
        long[] oldAttempts = attempts;
        long[] oldRaised = raisedNanos;
        byte[] oldFaults = faults;
        int capacity = oldPages.length * 2;
        pages = emptyTable(capacity);
        attempts = new long[capacity];
        raisedNanos = new long[capacity];
        faults = new byte[capacity];
        for (int position = 0; position < oldPages.length; position++) {
            if (oldPages[position] != EMPTY) {
                insert(oldPages[position], oldAttempts[position], oldFaults[position], oldRaised[position]);
            }
        }
    }

    private static int home(int page, int mask) {
        int mixed = page * 0x9E3779B9; // Fibonacci hashing: neighbours must not cluster under linear probing
        return (mixed ^ (mixed >>> 16)) & mask;
    }
}
