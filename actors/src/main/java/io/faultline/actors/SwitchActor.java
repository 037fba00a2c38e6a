package io.faultline.actors;

import io.faultline.world.LaneFailure;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.ExtensibleBehavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.TypedActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * An actor that is an object with one exhaustive {@code switch} over its protocol. It costs no message builder and no
 * second object per actor, which matters where there are a million of them.
 *
 * @param <C>
 *            the protocol
 */
abstract class SwitchActor<C> extends ExtensibleBehavior<C> {
    @Override
    public final Behavior<C> receive(TypedActorContext<C> context, C command) {
        if ((Object) command instanceof LaneFailure failure) { // of no protocol, so only to be seen as an object
            return onLaneFailure(failure);
        }
        return onCommand(command);
    }

    @Override
    public final Behavior<C> receiveSignal(TypedActorContext<C> context, Signal signal) {
        if (signal instanceof PostStop) {
            onStopped();
        }
        return onSignal(signal);
    }

    /** Handles one message and names the next behaviour, usually {@code this}. */
    protected abstract Behavior<C> onCommand(C command);

    /** An operation of this actor's that had waited for its lane failed: so does the actor. */
    protected Behavior<C> onLaneFailure(LaneFailure failure) {
        throw failure.asException();
    }

    /** The actor has stopped, by itself or by a failure: what waits for its lanes must not begin any more. */
    protected void onStopped() {}

    /** Handles a signal; unhandled by default, so that the death of a watched actor is never overlooked. */
    protected Behavior<C> onSignal(Signal signal) {
        return Behaviors.unhandled();
    }
}
