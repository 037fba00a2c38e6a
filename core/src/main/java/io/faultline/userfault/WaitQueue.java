package io.faultline.userfault;

import java.util.Arrays;

/**
 * The halted accesses of one port and their unread messages.
 *
 * <p>A waiter is an index into parallel arrays. It hangs in the chain of its page (in order of arrival) and, until its
 * message is read, in the list of unread messages. Raising is O(1) and allocates only on growth; waking costs the
 * waiters of the pages woken, where the kernel scans all of them ("one uffd does not scale with its waiters").
 * Messages are never merged: eight threads on one page are eight messages.
 */
final class WaitQueue {
    static final int INITIAL_WAITERS = 64;

    private static final int NONE = -1;
    private static final int NOT_UNREAD = -2;
    private static final int BASE_SHIFT = 12;

    private final PageSlots pages = new PageSlots(INITIAL_WAITERS);
    private int[] headOfSlot = new int[pages.capacity()];
    private int[] tailOfSlot = new int[pages.capacity()];

    private int[] who = new int[INITIAL_WAITERS];
    private long[] hvas = new long[INITIAL_WAITERS];
    private long[] raisedNanos = new long[INITIAL_WAITERS];
    private byte[] flags = new byte[INITIAL_WAITERS];
    /** How many low bits of the address the message does not show. */
    private byte[] maskedBits = new byte[INITIAL_WAITERS];

    /** Links the waiters of a page, or the free ones. */
    private int[] next = new int[INITIAL_WAITERS];

    private int[] nextUnread = new int[INITIAL_WAITERS];
    private int[] previousUnread = new int[INITIAL_WAITERS];

    private int free = NONE;
    private int unused;
    private int waiters;
    private int firstUnread = NONE;
    private int lastUnread = NONE;
    private int unread;
    private boolean waking;

    int waiters() {
        return waiters;
    }

    int unread() {
        return unread;
    }

    int pagesWaitedFor() {
        return pages.count();
    }

    /**
     * Queues a waiter and its message.
     *
     * @param shownShift the message's address is {@code hva} with this many low bits cleared; 0 for the exact address
     */
    void add(int waiter, long hva, int shownShift, int faultFlags, long nanos) {
        appendUnread(queue(waiter, hva, shownShift, faultFlags, nanos));
    }

    /** Queues a waiter whose message was read already. */
    void addRead(int waiter, long hva, int faultFlags, long nanos) {
        int index = queue(waiter, hva, 0, faultFlags, nanos); // first: it may grow the arrays
        previousUnread[index] = NOT_UNREAD;
    }

    private int queue(int waiter, long hva, int shownShift, int faultFlags, long nanos) {
        assert !waking : "a WakeSink called back into the port for waiter " + waiter;
        int index = take();
        who[index] = waiter;
        hvas[index] = hva;
        raisedNanos[index] = nanos;
        flags[index] = (byte) faultFlags;
        maskedBits[index] = (byte) shownShift;
        chain(index, shown(index) >>> BASE_SHIFT);
        waiters++;
        return index;
    }

    /** Moves messages out, oldest first, until none is left or {@code into} is full; their waiters go on waiting. */
    int read(UserfaultMessages into, boolean withThread) {
        int moved = 0;
        while (firstUnread != NONE && !into.isFull()) {
            int index = firstUnread;
            into.addFault(
                    shown(index),
                    flags[index],
                    withThread ? who[index] : UserfaultMessages.NO_THREAD,
                    raisedNanos[index]);
            removeUnread(index);
            moved++;
        }
        return moved;
    }

    /**
     * Wakes the waiters whose message's address lies in a range, read or not; an unread message goes with its waiter.
     *
     * <p>Looks up each page of the range, or walks the pages waited for when those are fewer.
     */
    void wake(long start, long end, WakeSink sink) {
        assert !waking : "a WakeSink called back into the port";
        if (waiters == 0) {
            return;
        }
        waking = true;
        try {
            long firstPage = start >>> BASE_SHIFT;
            long endPage = end >>> BASE_SHIFT;
            if (endPage - firstPage <= pages.count()) {
                for (long page = firstPage; page < endPage; page++) {
                    int slot = pages.find(page);
                    if (slot != PageSlots.NONE) {
                        wakeSlot(slot, sink);
                    }
                }
            } else {
                wakeWithin(firstPage, endPage, sink);
            }
        } finally {
            waking = false;
        }
    }

    void wakeAll(WakeSink sink) {
        wake(0, Long.MAX_VALUE, sink);
        assert waiters == 0 && unread == 0 : waiters + " waiters and " + unread + " messages left after waking all";
    }

    private void wakeWithin(long firstPage, long endPage, WakeSink sink) {
        int slot = pages.first();
        while (slot != PageSlots.NONE) {
            int following = pages.after(slot);
            long page = pages.page(slot);
            if (page >= firstPage && page < endPage) {
                wakeSlot(slot, sink);
            }
            slot = following;
        }
    }

    private void wakeSlot(int slot, WakeSink sink) {
        int index = headOfSlot[slot];
        pages.close(slot);
        while (index != NONE) {
            int following = next[index];
            if (previousUnread[index] != NOT_UNREAD) {
                removeUnread(index);
            }
            next[index] = free;
            free = index;
            waiters--;
            boolean write = (flags[index] & UserfaultEvents.FAULT_WRITE) != 0;
            sink.woken(who[index], hvas[index], write, raisedNanos[index]);
            index = following;
        }
    }

    private long shown(int index) {
        return hvas[index] >>> maskedBits[index] << maskedBits[index];
    }

    private void chain(int index, long page) {
        next[index] = NONE;
        int slot = pages.find(page);
        if (slot != PageSlots.NONE) {
            next[tailOfSlot[slot]] = index;
        } else {
            slot = pages.open(page);
            if (headOfSlot.length < pages.capacity()) {
                headOfSlot = Arrays.copyOf(headOfSlot, pages.capacity());
                tailOfSlot = Arrays.copyOf(tailOfSlot, pages.capacity());
            }
            headOfSlot[slot] = index;
        }
        tailOfSlot[slot] = index;
    }

    private void appendUnread(int index) {
        nextUnread[index] = NONE;
        previousUnread[index] = lastUnread;
        if (lastUnread == NONE) {
            firstUnread = index;
        } else {
            nextUnread[lastUnread] = index;
        }
        lastUnread = index;
        unread++;
    }

    private void removeUnread(int index) {
        int before = previousUnread[index];
        int behind = nextUnread[index];
        if (before == NONE) {
            firstUnread = behind;
        } else {
            nextUnread[before] = behind;
        }
        if (behind == NONE) {
            lastUnread = before;
        } else {
            previousUnread[behind] = before;
        }
        previousUnread[index] = NOT_UNREAD;
        unread--;
    }

    private int take() {
        int index = free;
        if (index != NONE) {
            free = next[index];
            return index;
        }
        if (unused == who.length) {
            grow();
        }
        return unused++;
    }

    private void grow() {
        int capacity = Math.multiplyExact(who.length, 2);
        who = Arrays.copyOf(who, capacity);
        hvas = Arrays.copyOf(hvas, capacity);
        raisedNanos = Arrays.copyOf(raisedNanos, capacity);
        flags = Arrays.copyOf(flags, capacity);
        maskedBits = Arrays.copyOf(maskedBits, capacity);
        next = Arrays.copyOf(next, capacity);
        nextUnread = Arrays.copyOf(nextUnread, capacity);
        previousUnread = Arrays.copyOf(previousUnread, capacity);
    }
}
