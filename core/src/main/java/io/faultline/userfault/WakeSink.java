package io.faultline.userfault;

/**
 * Hears of those a port sets going again. Called on the port's owner, from inside the operation that wakes; it must not
 * call back into the port.
 */
@FunctionalInterface
public interface WakeSink {
    /**
     * A halted access may be tried again. It may fault again: being woken does not mean the page is there.
     *
     * @param waiter who raised the fault
     * @param address the exact address of the access
     * @param write whether the access is a write
     * @param raisedNanos when the fault was raised, in nanoseconds of the raiser's clock
     */
    void woken(int waiter, long address, boolean write, long raisedNanos);

    /**
     * A non-fault event has been read, so the caller blocked on it goes on: only now may it discard, unmap or move.
     *
     * @param caller who caused the event
     * @param event the event's number, one of {@link UserfaultEvents}
     * @param first the event's first address
     * @param second the event's second address
     */
    default void released(int caller, int event, long first, long second) {}
}
