package io.faultline.world.internal;

import java.util.ArrayList;
import java.util.List;

import io.faultline.schedule.Schedule;
import io.faultline.world.WorldContext;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** A virtual world whose guardian notes what it is told, and when. */
final class Recorded implements AutoCloseable {
    /** What arrived at which virtual nanosecond. */
    record At(long nanos, String message) {}

    final List<At> arrivals = new ArrayList<>();
    final VirtualSystem<String> system;
    final VirtualLoop loop;
    final VirtualContext context;

    Recorded() {
        this.system = VirtualSystem.boot("recorded", 1, Schedule.fifo(), this::noting);
        this.loop = system.loop();
        this.context = system.context();
        loop.runUntilIdle();
    }

    private Behavior<String> noting(WorldContext world) {
        return Behaviors.receiveMessage(message -> {
            note(message);
            return Behaviors.same();
        });
    }

    void note(String message) {
        arrivals.add(new At(loop.now(), message));
    }

    static At at(long nanos, String message) {
        return new At(nanos, message);
    }

    @Override
    public void close() {
        system.close();
    }
}
