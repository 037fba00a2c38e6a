package io.faultline.embed;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.pattern.StatusReply;

/**
 * Takes single replies of a machine. Not Pekko's ask: its time-out would be a timer of the world, and in virtual time the
 * machine would never be idle.
 */
final class Replies {
    private final ActorSystem<?> system;
    private final AtomicLong asked = new AtomicLong();

    Replies(ActorSystem<?> system) {
        this.system = system;
    }

    /** An address for one reply, and the future it completes; an error reply completes it exceptionally. */
    <T> ActorRef<StatusReply<T>> into(CompletableFuture<T> future) {
        return to(reply -> {
            if (reply.isSuccess()) {
                future.complete(reply.getValue());
            } else {
                future.completeExceptionally(reply.getError());
            }
        });
    }

    private <T> ActorRef<StatusReply<T>> to(Consumer<StatusReply<T>> taker) {
        return system.systemActorOf(Behaviors.receiveMessage(reply -> {
            taker.accept(reply);
            return Behaviors.stopped();
        }), "reply-" + asked.incrementAndGet(), Props.empty());
    }
}
