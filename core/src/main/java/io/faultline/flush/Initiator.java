package io.faultline.flush;

/**
 * The part of a policy that sits where mappings are changed. Called by its host, one call at a time; answers through its
 * {@link InitiatorPort}, perhaps before the call returns.
 *
 * <p>The host's duties: call {@link FlushSpace#changeBegins} before the first entry is written, and hand over one request
 * per change afterwards, also when nothing was found present. Answer for a CPU that died: its TLB is empty.
 */
public interface Initiator {
    /**
     * Page-table entries changed, or (for a {@link ChangeKind#BARRIER}) must have no stale translations left.
     *
     * @param request what changed
     */
    void request(FlushRequest request);

    /**
     * A CPU acknowledged. Acknowledgements of different tickets come in any order.
     *
     * @param cpu who
     * @param ticket of the {@link FlushCommand} or log record it acknowledges
     */
    void acknowledged(int cpu, long ticket);

    /**
     * All broadcasts before the {@link InitiatorPort#sync} with this ticket took effect everywhere.
     *
     * @param ticket as given to sync
     */
    default void synced(long ticket) {}

    /**
     * A timer came due.
     *
     * @param timer as given to {@link InitiatorPort#setTimer}
     */
    default void timer(long timer) {}

    /**
     * The call or batch that the operation's requests belonged to is over: the end of an mmu_gather, of a reclaim
     * batch, of one remap call. Comes after its last request, before the caller drops the page-table lock, whether the
     * requests are complete or not: some policies flush only now.
     *
     * @param operation as in {@link FlushRequest#operation}
     */
    default void operationEnds(long operation) {}

    /**
     * Someone needs the frames or the range that wait for the request's release: flush for it soon.
     *
     * @param request not yet released; a released one is ignored
     */
    default void reuseWanted(FlushRequest request) {}

    /** The initiator's own CPU is about to switch away or to idle; what it broadcast must be synchronised from it. */
    default void departing() {}

    /** Flush everything deferred: the machine ends, or the policy is being changed. */
    default void drain() {}

    /** {@return requests taken and not yet settled} */
    int unsettled();
}
