package io.faultline.actors;

import java.util.function.Supplier;

import io.faultline.world.Outbox;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Whom to tell what when a flush has come as far as somebody waits for.
 *
 * @param to
 *            who has the role when the time comes: it may be the successor of who asked
 * @param <M>
 *            the protocol of who waits
 */
record FlushAnswer<M>(Supplier<ActorRef<M>> to, M message) {
    /** Tells one actor and no successor of its. */
    FlushAnswer(ActorRef<M> to, M message) {
        this(() -> to, message);
    }

    void send(Outbox out) {
        out.tell(to.get(), message);
    }
}
