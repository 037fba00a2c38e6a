package io.faultline.machine;

/**
 * Listens to a run while it goes on, and may ask it to end early.
 *
 * <p>Threading: called by one thread at a time, which may be any thread of the world. Implementations return at once
 * and throw nothing. What they do has no influence on a run, unless they ask it to stop.
 */
@FunctionalInterface
public interface RunProgress {
    /** Listens to nothing. */
    RunProgress NONE = (accessesDone, accessesPlanned, faultsResolved, vcpusHalted) -> {};

    /**
     * The run has come so far. Called a few times a second on threads; in virtual time every so many events, so that
     * the calls themselves are the same for the same seed.
     *
     * @param accessesDone accesses made by all vCPUs so far
     * @param accessesPlanned accesses the workload has in all
     * @param faultsResolved faults resolved so far
     * @param vcpusHalted vCPUs waiting on a fault now
     */
    void advanced(long accessesDone, long accessesPlanned, long faultsResolved, long vcpusHalted);

    /**
     * After how much of the world's time the run is to end before its workload does, as by {@link #stopRequested}; in
     * virtual time exactly then. Asked once, when the run begins.
     *
     * @return nanoseconds, 0 for never
     */
    default long runForNanos() {
        return 0;
    }

    /**
     * Whether the run is to end before its workload does: vCPUs then begin no further access, faults under way are
     * served to their end, and the report is complete for what was done. Asked whenever {@link #advanced} was called.
     */
    default boolean stopRequested() {
        return false;
    }
}
