package io.faultline.actors;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** Stands where an actor would and keeps what it is told. For a virtual world, whose one thread also runs the test. */
final class Recorder<M> {
    private final List<M> told = new ArrayList<>();
    private final ActorRef<M> ref;

    Recorder(Function<Behavior<M>, ActorRef<M>> spawn) {
        this.ref = spawn.apply(Behaviors.receiveMessage(message -> {
            told.add(message);
            return Behaviors.same();
        }));
    }

    ActorRef<M> ref() {
        return ref;
    }

    /** Everything told since the last look. */
    List<M> take() {
        List<M> taken = List.copyOf(told);
        told.clear();
        return taken;
    }

    /** Of everything told since the last look, what is of one kind. */
    <T extends M> List<T> take(Class<T> kind) {
        return take().stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** The one thing told since the last look, which is of that kind. */
    <T extends M> T takeOne(Class<T> kind) {
        List<M> taken = take();
        assertThat(taken).singleElement().isInstanceOf(kind);
        return kind.cast(taken.getFirst());
    }

    void wasToldNothing() {
        assertThat(take()).isEmpty();
    }
}
