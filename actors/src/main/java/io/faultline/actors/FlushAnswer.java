package io.faultline.actors;

import io.faultline.world.Outbox;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Whom to tell what when a flush has come as far as somebody waits for.
 *
 * @param <M>
 *            the protocol of who waits
 */
record FlushAnswer<M>(ActorRef<M> to, M message) {
    void send(Outbox out) {
        out.tell(to, message);
    }
}
