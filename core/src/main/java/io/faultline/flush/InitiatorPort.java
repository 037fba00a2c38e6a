package io.faultline.flush;

/**
 * What an {@link Initiator} can do. Implemented by its host; called from within the initiator's own calls. A host must not
 * call back into the initiator from here; it delivers what follows (acknowledgements, timers) afterwards.
 */
public interface InitiatorPort {
    /**
     * Sends an inter-processor interrupt. IPIs of different commands may overtake each other.
     *
     * @param cpu whose {@link CpuPart#ipi} will hear it
     * @param command what it asks
     */
    void sendIpi(int cpu, FlushCommand command);

    /**
     * Flushes on the CPU the change was made on, without an interrupt. It acknowledges like any other.
     *
     * @param cpu the initiator's own
     * @param command what it asks
     */
    void flushSelf(int cpu, FlushCommand command);

    /**
     * Has the hardware invalidate in every CPU's TLB, in the background (INVLPGB, TLBI): no CPU part hears of it.
     *
     * @param command the range; its ticket means nothing
     */
    void broadcast(FlushCommand command);

    /**
     * Asks to be told ({@link Initiator#synced}) when all broadcasts so far took effect (TLBSYNC, DSB).
     *
     * @param ticket to be told with
     */
    void sync(long ticket);

    /**
     * Changes the flags in a CPU's shared word, if they are still what was read.
     *
     * @param cpu whose
     * @param expected the flags as read from {@link CpuWords#flags}
     * @param flags the flags to set instead
     * @return whether they were as expected
     */
    boolean setFlag(int cpu, int expected, int flags);

    /**
     * Asks for a call of {@link Initiator#timer}. There is no cancelling; a timer no longer needed is ignored.
     *
     * @param delayNanos from now
     * @param timer to be called with
     */
    void setTimer(long delayNanos, long timer);

    /**
     * Says that the policy would have deferred the request but has no room left: the requester stands still, or the request
     * is flushed at once. Nothing but the statistics depends on it.
     *
     * @param request that overflowed
     */
    default void noRoom(FlushRequest request) {}

    /**
     * No CPU can use a translation older than the request's change any longer. Ends its staleness.
     *
     * @param request settled
     */
    void settled(FlushRequest request);

    /**
     * The requester may go on.
     *
     * @param request complete
     */
    void complete(FlushRequest request);

    /**
     * The request's frames and virtual range may be reused.
     *
     * @param request whose quarantine ends
     */
    void release(FlushRequest request);

    /**
     * Settles, completes and releases at once, as a policy does that defers nothing.
     *
     * @param request at its end
     */
    default void finish(FlushRequest request) {
        settled(request);
        complete(request);
        release(request);
    }
}
