package io.faultline.userfault;

import io.faultline.memory.PageSize;

/**
 * The userfaultfd of one memslot: beside the ioctls, what its owner has to do with those who wait there.
 *
 * <p>A port belongs to one owner, who alone calls it; it is not thread-safe.
 */
public interface MemslotPort extends UserfaultPort {
    /** {@return how many accesses wait, as far as the port was told of them} */
    int waiters();

    /**
     * An access that the software MMU could not make: finds out why, and queues it when that is a fault of this port.
     *
     * @param waiter who halts; told to the sink when woken
     * @param hva the exact address
     * @param write whether it is a write
     * @param nanos when, by the raiser's clock
     * @return what to do: wait, try again at once, or fail
     * @throws IllegalArgumentException when another port serves the address
     * @throws UnsupportedOperationException where a kernel queues who faults
     */
    RaiseOutcome raise(int waiter, long hva, boolean write, long nanos);

    /**
     * A range registered here is about to be discarded: queues a REMOVE event. The caller, unless let go at once,
     * waits until the sink is told {@link WakeSink#released}, and discards only then.
     *
     * @param caller who discards; told to the sink
     * @param start first address
     * @param end one past the last
     * @return whether the caller must wait; false when the feature EVENT_REMOVE is off
     * @throws UnsupportedOperationException where a kernel queues the event of whoever discards
     */
    boolean removeEvent(int caller, long start, long end);

    /**
     * Installs follow, and {@link #endInstalls} when they are made: what they need may be taken for all of them at once.
     *
     * @param size of the pages
     * @param pages how many to expect
     */
    void expectInstalls(PageSize size, int pages);

    /** The installs that were expected are made. */
    void endInstalls();

    /** Those whom {@link #wake} has set going go on now, if they have not already: many can be woken by one call. */
    void endWakes();

    /**
     * Has the owner told when messages may have come that it knows nothing of. Ends with {@link #neglect}.
     *
     * @param readable called on the owner's thread; who is told reads until EAGAIN
     */
    void attend(Runnable readable);

    /** The owner is told no more; also one that was never told. */
    void neglect();
}
