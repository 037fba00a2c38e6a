package io.faultline.world.internal;

import org.apache.pekko.actor.typed.ActorRef;

/** What the worlds refuse in the same words. */
final class Checks {
    private Checks() {}

    static <M> void deliverable(long delayNanos, boolean closed, ActorRef<M> receiver, M message) {
        if (delayNanos < 0) {
            throw new IllegalArgumentException("cannot deliver " + message + " to " + receiver.path() + " after "
                    + delayNanos + " ns; a delay must not be negative");
        }
        if (closed) {
            throw new IllegalStateException(
                    "cannot deliver " + message + " to " + receiver.path() + ": the world is closed");
        }
    }
}
