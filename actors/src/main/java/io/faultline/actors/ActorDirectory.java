package io.faultline.actors;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;

import org.apache.pekko.actor.typed.ActorRef;

/**
 * The machine's actors of one role, by index. The machine writes it when it spawns or replaces one, everybody reads it,
 * so that a message never names an actor that has been replaced in the meantime.
 *
 * <p>
 * An incarnation is counted after its actor is named: whoever reads the incarnation first and the actor then may have a
 * newer actor than it thinks, never an older one.
 *
 * @param <C>
 *            the protocol of the role
 */
final class ActorDirectory<C> {
    private final String role;
    private final AtomicReferenceArray<ActorRef<C>> actors;
    private final AtomicIntegerArray incarnations;

    ActorDirectory(String role, int size) {
        this.role = role;
        this.actors = new AtomicReferenceArray<>(size);
        this.incarnations = new AtomicIntegerArray(size);
    }

    int size() {
        return actors.length();
    }

    /** The actor that has the role now. */
    ActorRef<C> get(int index) {
        ActorRef<C> actor = actors.getAcquire(index);
        if (actor == null) {
            throw new IllegalStateException(role + " " + index + " was not spawned yet");
        }
        return actor;
    }

    /** How many actors had the role before the present one. */
    int incarnation(int index) {
        return incarnations.get(index);
    }

    /** Names the first actor of the role. */
    void enter(int index, ActorRef<C> actor) {
        assert actors.get(index) == null : role + " " + index + " entered twice";
        actors.setRelease(index, actor);
    }

    /** Names the actor that follows one that died, and counts it. */
    void replace(int index, ActorRef<C> actor) {
        actors.setRelease(index, actor);
        incarnations.incrementAndGet(index);
    }

    /** The number of the actor that is to follow the present one. */
    int nextIncarnation(int index) {
        return incarnations.get(index) + 1;
    }
}
