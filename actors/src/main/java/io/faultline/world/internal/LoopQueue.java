package io.faultline.world.internal;

import java.util.ArrayDeque;
import java.util.Objects;

import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.dispatch.Envelope;
import org.apache.pekko.dispatch.MailboxType;
import org.apache.pekko.dispatch.MessageQueue;
import org.apache.pekko.dispatch.ProducesMessageQueue;
import org.apache.pekko.dispatch.UnboundedMessageQueueSemantics;
import org.jspecify.annotations.Nullable;
import scala.Option;

/**
 * The messages of one actor on a loop, where one thread adds and takes. Most actors hold one message at a time, so the
 * first needs no array: a hundred thousand vCPUs have as many queues.
 */
final class LoopQueue implements MessageQueue, UnboundedMessageQueueSemantics {
    /** Has no state. */
    static final MailboxType MAILBOX = new Type();

    private @Nullable Envelope first;
    private @Nullable ArrayDeque<Envelope> others;

    private static final class Type implements MailboxType, ProducesMessageQueue<LoopQueue> {
        @Override
        public MessageQueue create(Option<ActorRef> owner, Option<ActorSystem> system) {
            return new LoopQueue();
        }
    }

    @Override
    public void enqueue(ActorRef receiver, Envelope envelope) {
        if (first == null) {
            first = envelope;
        } else {
            if (others == null) {
                others = new ArrayDeque<>();
            }
            others.add(envelope);
        }
    }

    /** Null when there is none, as Pekko wants it. */
    @Override
    @SuppressWarnings("NullAway")
    public @Nullable Envelope dequeue() {
        var taken = first;
        if (taken != null) {
            first = others == null ? null : others.poll();
        }
        return taken;
    }

    @Override
    public int numberOfMessages() {
        return (first == null ? 0 : 1) + (others == null ? 0 : others.size());
    }

    @Override
    public boolean hasMessages() {
        return first != null;
    }

    @Override
    public void cleanUp(ActorRef owner, MessageQueue deadLetters) {
        while (hasMessages()) {
            deadLetters.enqueue(owner, Objects.requireNonNull(dequeue()));
        }
    }
}
