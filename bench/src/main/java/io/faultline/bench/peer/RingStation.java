package io.faultline.bench.peer;

import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.ExtensibleBehavior;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.TypedActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;

/**
 * An actor of a bare ring: passes on what it gets, and if it is the ring's vCPU counts the rounds. Wired before the first
 * message is sent, which makes the wiring visible to whichever thread runs it.
 */
final class RingStation extends ExtensibleBehavior<RingHop> {
    private final Runnable atEnd;
    private long remaining;
    private @Nullable ActorRef<RingHop> self;
    private @Nullable ActorRef<RingHop> onInstall;
    private @Nullable ActorRef<RingHop> onOther;

    /**
     * @param passes how many messages to pass on
     * @param atEnd runs when one more has come
     */
    RingStation(long passes, Runnable atEnd) {
        this.remaining = passes;
        this.atEnd = atEnd;
    }

    /** One that has no end. */
    static RingStation passing() {
        return new RingStation(Long.MAX_VALUE, () -> {
            throw new IllegalStateException("more messages than a long can count");
        });
    }

    /** To whom what follows a message goes; only the memslot gets two kinds. */
    void on(RingHop hop, RingStation receiver) {
        if (hop == RingHop.INSTALL) {
            onInstall = receiver.self();
        } else {
            onOther = receiver.self();
        }
    }

    void self(ActorRef<RingHop> ref) {
        self = ref;
    }

    ActorRef<RingHop> self() {
        return wired(self);
    }

    @Override
    public Behavior<RingHop> receive(TypedActorContext<RingHop> context, RingHop hop) {
        if (remaining == 0) {
            atEnd.run();
        } else {
            remaining--;
            wired(hop == RingHop.INSTALL ? onInstall : onOther).tell(hop.next());
        }
        return this;
    }

    private static ActorRef<RingHop> wired(@Nullable ActorRef<RingHop> ref) {
        if (ref == null) {
            throw new IllegalStateException("the ring is not wired yet");
        }
        return ref;
    }

    @Override
    public Behavior<RingHop> receiveSignal(TypedActorContext<RingHop> context, Signal signal) {
        return Behaviors.unhandled();
    }
}
