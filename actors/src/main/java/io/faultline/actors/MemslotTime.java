package io.faultline.actors;

import io.faultline.cost.Operation;
import io.faultline.ring.Resolution;
import io.faultline.userfault.MemslotPort;
import io.faultline.world.Lane;
import io.faultline.world.WorldContext;

/**
 * How long the present operation of a memslot has taken so far, and what it goes on to be charged: the kernel's work on
 * its userfaultfd. Outside virtual time, and without a cost profile, nothing. Belongs to the memslot.
 */
final class MemslotTime {
    private final WorldContext world;
    private final Charges charges;
    private final MemslotPort port;
    /** The lock of the userfaultfd's wait queue. */
    private final Lane queueLock;
    private long elapsedNanos;
    /** Until when, from its start, the operation has waited for and held each lock: it does not wait for itself. */
    private long queueLockNanos;
    private long mmLockNanos;

    MemslotTime(MachineParts parts, MemslotParts own) {
        this.world = parts.world();
        this.charges = parts.charges();
        this.port = own.port();
        this.queueLock = own.queueLock();
    }

    /** The operation is over: what it cost. The next one begins. */
    long take() {
        long nanos = elapsedNanos;
        elapsedNanos = 0;
        queueLockNanos = 0;
        mmLockNanos = 0;
        return nanos;
    }

    /** The present instant within the operation. */
    long now() {
        return world.clock().nanos() + elapsedNanos;
    }

    /** A vCPU queues its fault, and wakes a reader if none is awake; returns when it is queued, from now. */
    long queueNanos(boolean wakesReader) {
        if (charges.isFree()) {
            return 0;
        }
        long woken = wakesReader ? charges.of(Operation.WAKE_THREAD) : 0;
        return charges.hold(queueLock, charges.of(Operation.FAULT_QUEUE) + woken);
    }

    /** The reader runs. */
    void readerWakes() {
        elapsedNanos += charges.of(Operation.THREAD_WAKE);
    }

    /** Messages were read, in one call. */
    void read(int messages) {
        if (!charges.isFree()) {
            elapsedNanos += charges.of(Operation.READ_CALL);
            holdQueueLock(charges.of(Operation.FAULT_READ, messages));
        }
    }

    /** Pages were resolved, each by a call of its own, and mapped for the guest. */
    void installed(Resolution resolution, int pages) {
        if (charges.isFree() || pages == 0) {
            return;
        }
        takeMmLock(pages);
        elapsedNanos += charges.of(call(resolution), pages) + charges.of(page(resolution), pages)
                + charges.of(Operation.MAP_PAGE, pages);
    }

    /**
     * A page's waiters were woken.
     *
     * @param waitersBefore
     *            how many waited in the queue when it was done, all of which are looked at
     */
    void woke(int waitersBefore) {
        if (!charges.isFree() && waitersBefore > 0) {
            int woken = waitersBefore - port.waiters();
            holdQueueLock(charges.of(Operation.WAKE_CALL) + charges.of(Operation.WAKE_SCAN, waitersBefore)
                    + charges.of(Operation.WAKE_THREAD, woken));
        }
    }

    /** Pages were write-protected in one call. */
    void protectedPages(long pages) {
        if (!charges.isFree()) {
            takeMmLock(1);
            elapsedNanos += charges.of(Operation.WRITEPROTECT_CALL) + charges.of(Operation.WRITEPROTECT_PAGE, pages);
        }
    }

    private void holdQueueLock(long nanos) {
        boolean isFirst = queueLockNanos == 0;
        long givenBackNanos = isFirst ? charges.hold(queueLock, nanos) : queueLock.take(nanos);
        elapsedNanos += givenBackNanos - queueLockNanos;
        queueLockNanos = givenBackNanos;
    }

    private void takeMmLock(int times) {
        long givenBackNanos = charges.mmLock(times);
        elapsedNanos += givenBackNanos - mmLockNanos;
        mmLockNanos = givenBackNanos;
    }

    private static Operation call(Resolution resolution) {
        return switch (resolution) {
            case COPY -> Operation.COPY_CALL;
            case MOVE -> Operation.MOVE_CALL;
            case ZEROPAGE -> Operation.ZEROPAGE_CALL;
            case CONTINUE -> Operation.CONTINUE_CALL;
            case UNPROTECT -> Operation.WRITEPROTECT_CALL;
            case POISON -> Operation.POISON_CALL;
        };
    }

    private static Operation page(Resolution resolution) {
        return switch (resolution) {
            case COPY -> Operation.COPY_PAGE;
            case MOVE -> Operation.MOVE_PAGE;
            case ZEROPAGE -> Operation.ZEROPAGE_PAGE;
            case CONTINUE -> Operation.CONTINUE_PAGE;
            case UNPROTECT -> Operation.WRITEPROTECT_PAGE;
            case POISON -> Operation.POISON_PAGE;
        };
    }
}
