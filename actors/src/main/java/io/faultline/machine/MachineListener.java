package io.faultline.machine;

import io.faultline.ring.Resolution;

/**
 * Hears of what a machine does while it does it, for a display, a trace or another simulator. Times are the world's
 * clock. Every call names whom it concerns by index, and pages by their number.
 *
 * <p>Threading: in virtual time called on the loop's thread, inside whatever runs the loop. On threads called by the
 * thread that runs the actor concerned, so by several at once; calls about one vCPU come in order, and so do calls about
 * one memslot and all about flushes. A fetch may begin on one thread and end on another, in that order.
 *
 * <p>Implementations return soon, throw nothing, and call neither the machine nor its world: what should follow from an
 * event is done after {@code advanceTo} or {@code runUntil} has returned. Nothing they do changes a run. Methods are
 * empty unless overridden, so a listener names only what it wants.
 */
public interface MachineListener {
    /** Listens to nothing. */
    MachineListener NONE = new MachineListener() {};

    /**
     * A vCPU that had nothing to do has something now. All begin so.
     *
     * @param nanos when
     * @param vcpu who
     */
    default void vcpuBegan(long nanos, int vcpu) {}

    /**
     * A vCPU has nothing to do any more, or not until its next access is due. Follows each {@link #vcpuBegan} of the same
     * vCPU, unless the machine ends before.
     *
     * @param nanos when
     * @param vcpu who
     */
    default void vcpuIdle(long nanos, int vcpu) {}

    /**
     * A vCPU faulted and halted.
     *
     * @param nanos when
     * @param vcpu who
     * @param page at which page
     * @param write whether it wanted to write
     */
    default void faultRaised(long nanos, int vcpu, long page, boolean write) {}

    /**
     * A vCPU goes on. Follows each {@link #faultRaised} of the same vCPU, unless the machine ends before.
     *
     * @param nanos when
     * @param vcpu who
     * @param page where it had faulted
     * @param failed whether the access failed; otherwise it is tried again, and mostly succeeds
     */
    default void faultResolved(long nanos, int vcpu, long page, boolean failed) {}

    /**
     * A fetcher began to read a page, for the first time or again.
     *
     * @param nanos when
     * @param fetcher who
     * @param page which
     */
    default void fetchBegan(long nanos, int fetcher, long page) {}

    /**
     * A fetcher is done with a read. Follows each {@link #fetchBegan} of the same fetcher and page, unless the fetcher
     * crashes or the machine ends before.
     *
     * @param nanos when
     * @param fetcher who
     * @param page which
     * @param failed whether it brought nothing: an error, a short read, no answer in time
     */
    default void fetchEnded(long nanos, int fetcher, long page, boolean failed) {}

    /**
     * The number of pages that a fetcher has in flight changed, which is what the in-flight limit bounds. It falls when a
     * read was answered, before {@link #fetchEnded} tells what came of it, and when the fetcher crashed.
     *
     * @param nanos when
     * @param fetcher who
     * @param change by how many pages
     */
    default void inFlightChanged(long nanos, int fetcher, int change) {}

    /**
     * A memslot resolved pages of one batch. Pages that were there already do not count.
     *
     * @param nanos when
     * @param memslot who
     * @param resolution how
     * @param firstPage the first of the batch
     * @param pages how many
     */
    default void installed(long nanos, int memslot, Resolution resolution, long firstPage, int pages) {}

    /**
     * The flush policy was handed a request.
     *
     * @param nanos when
     * @param request its number, from 1
     * @param startGpa the first byte of its range
     * @param endGpa the first byte behind it
     */
    default void flushRequested(long nanos, long request, long startGpa, long endGpa) {}

    /**
     * The policy said that the requester of a flush may go on. Follows each {@link #flushRequested}, unless the machine
     * ends before.
     *
     * @param nanos when
     * @param request its number
     */
    default void flushCompleted(long nanos, long request) {}

    /**
     * The policy said that what a request freed may be reused. Before or after {@link #flushCompleted}, once.
     *
     * @param nanos when
     * @param request its number
     */
    default void flushReleased(long nanos, long request) {}

    /**
     * An interrupt that asks for a flush was sent. What is asked of the CPU before it takes it comes along, and is no
     * further interrupt.
     *
     * @param nanos when
     * @param cpu to whom: a vCPU's by its number, behind those the fetchers', when they have one
     * @param ticket of the flush it was sent for, the policy's own number
     */
    default void ipiSent(long nanos, int cpu, long ticket) {}

    /**
     * A CPU took an interrupt.
     *
     * @param nanos when
     * @param cpu who, as for {@link #ipiSent}
     * @param commands how many flushes it was asked for
     */
    default void ipiTaken(long nanos, int cpu, int commands) {}
}
