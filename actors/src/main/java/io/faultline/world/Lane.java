package io.faultline.world;

/**
 * Something that serves one thing at a time and takes time for it: a vCPU, a handler, a fetch slot, a link, a lock.
 *
 * <p>In virtual time an operation starts when the lane is free, those that wait start in the order they came, and the
 * messages an operation produced leave at its start plus its cost. A free lane runs the operation before {@link #run}
 * returns, and at cost 0 its messages leave in the same turn. An operation may run others, on this lane or on another:
 * on this lane they wait for it, on another they start at the present instant.
 *
 * <p>Outside virtual time {@link WorldContext#lane} runs every operation at once and ignores what it cost;
 * {@link WorldContext#timedLane} runs it at once too, and its messages leave when they would in virtual time: at the
 * later of now and the end of the operation before, plus the cost. Do not rely on when an operation starts.
 *
 * <p>A lane belongs to one actor (or one stream stage): only its owner, in its own turn, or an operation of the lane
 * itself may use it. It is not thread-safe.
 *
 * <p>When an operation throws, what it had told leaves at once and the lane is free again. The exception reaches the
 * caller of {@code run}, as on threads; of an operation that had to wait the caller has gone: the lane drops what else
 * waits and tells its owner a {@link LaneFailure}, or, if it has none, stops the loop with it.
 */
public interface Lane {
    /**
     * Serves an operation, now when the lane is free, else when its turn comes.
     *
     * @param operation the work; its cost must not be negative
     */
    void run(LaneOperation operation);

    /**
     * Takes the lane for so long, as soon as it is free and after all who asked before: for what is held within an
     * operation of another lane, as a lock is. The caller adds what is returned to that operation's cost. A lane that is
     * taken this way has no operations of its own, and any actor of the world may take it.
     *
     * @param nanos how long, at least 0
     * @return nanoseconds from now until it is given back, waiting included; always 0 outside virtual time, but on
     *     {@link WorldContext#timedLane}
     * @throws IllegalStateException when an operation is running here or waits
     */
    long take(long nanos);

    /** {@return operations that have not started: always 0 outside virtual time} */
    int waiting();

    /**
     * When the lane is next free as far as it is known: the end of what it serves now. Operations that wait have not
     * said what they cost. Never earlier than the present instant.
     *
     * @return nanoseconds on the world's clock
     */
    long freeAtNanos();

    /**
     * Drops the operations that have not started, for an owner that stops. What has started still takes its time, and
     * its messages leave.
     *
     * @return how many were dropped
     */
    int abandon();
}
