package io.faultline.world;

/** One thing a {@link Lane} serves. */
@FunctionalInterface
public interface LaneOperation {
    /**
     * Does the work and says what it cost.
     *
     * <p>In virtual time an operation that had to wait runs on the loop's thread but outside its owner's turn: it may
     * use the owner's fields, never the owner's {@code ActorContext}.
     *
     * @param out takes the messages the work produces
     * @return nanoseconds the work takes, at least 0
     */
    long run(Outbox out);
}
