package io.faultline.world.internal;

import org.apache.pekko.actor.typed.ActorRef;

/** What a world does at a given time. Every kind says who caused it and whom it concerns, so that a schedule is data. */
sealed interface TimedEvent permits TimedEvent.Delivery, TimedEvent.LaneTurn, ScheduledTask {
    /** Does it, on the thread that owns the clock. */
    void fire();

    /** {@return whether it is to be skipped, as if it had never been asked for} */
    default boolean isCancelled() {
        return false;
    }

    /**
     * A message that arrives later.
     *
     * @param sender the lane or the mailbox it came from; see {@link Names#describe}
     */
    record Delivery(Object sender, ActorRef<Object> receiver, Object message) implements TimedEvent {
        /** An actor takes only what its type allows; the caller's signature has seen to that. */
        @SuppressWarnings("unchecked")
        static <M> Delivery of(Object sender, ActorRef<M> receiver, M message) {
            return new Delivery(sender, (ActorRef<Object>) receiver, message);
        }

        @Override
        public void fire() {
            receiver.tell(message);
        }

        @Override
        public String toString() {
            return message + " from " + Names.describe(sender) + " to " + receiver.path();
        }
    }

    /** A lane becomes free while operations wait for it. */
    record LaneTurn(VirtualLane lane) implements TimedEvent {
        @Override
        public void fire() {
            lane.run();
        }

        @Override
        public String toString() {
            return "next operation of lane " + lane.name();
        }
    }
}
