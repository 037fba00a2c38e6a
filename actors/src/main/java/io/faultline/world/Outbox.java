package io.faultline.world;

import org.apache.pekko.actor.typed.ActorRef;

/**
 * Where a {@link LaneOperation} puts the messages it produces. Valid only while the operation runs; they leave in the
 * order in which they were told.
 */
public interface Outbox {
    /**
     * Sends a message when the operation ends: in virtual time at its start plus its cost.
     *
     * @param to who receives it
     * @param message what it receives
     */
    <M> void tell(ActorRef<M> to, M message);
}
