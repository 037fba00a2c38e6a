package io.faultline.world;

/**
 * An operation that had waited for a lane failed, when its owner's turn was long over: the lane's owner is told this, and
 * fails with it as if the operation had failed in its turn. An actor whose lanes name it as their owner must throw
 * {@link #asException()} when it receives this, whatever its protocol.
 *
 * @param lane which lane
 * @param nanos when the operation began
 * @param cause what it threw
 */
public record LaneFailure(String lane, long nanos, Throwable cause) {
    /** {@return what the owner is to throw} */
    public IllegalStateException asException() {
        return new IllegalStateException(
                "an operation that had waited for lane " + lane + " failed at " + nanos + " ns", cause);
    }
}
