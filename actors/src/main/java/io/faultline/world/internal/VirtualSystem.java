package io.faultline.world.internal;

import java.util.function.Function;

import io.faultline.schedule.Schedule;
import io.faultline.time.SplitMix;
import io.faultline.world.WorldContext;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * An actor system in virtual time: its own loop, on the thread that boots it, and no other thread.
 *
 * <p>The system itself starts first come, first served; the guardian starts after that, with the first step of the
 * loop, under the schedule and the seed. Nothing runs but inside a call of {@link #loop()}.
 *
 * @param <T> what the guardian takes
 */
public final class VirtualSystem<T> implements AutoCloseable {
    /** Salts of the seed: the schedule must not draw the same numbers as the workload. */
    private static final long SCHEDULE_SALT = 0x5C4ED01EL;

    private static final long WORLD_SALT = 0x3A1DL;

    /** The one message before the guardian's own. */
    private enum Start {
        NOW
    }

    private final VirtualLoop loop;
    private final VirtualContext context;
    private final SplitMix contextSeeds;
    private final ActorSystem<T> system;
    private final long loopId;
    private boolean closed;

    private VirtualSystem(
            VirtualLoop loop, VirtualContext context, SplitMix contextSeeds, ActorSystem<T> system, long loopId) {
        this.loop = loop;
        this.context = context;
        this.contextSeeds = contextSeeds;
        this.system = system;
        this.loopId = loopId;
    }

    /**
     * Boots a system whose guardian has not run yet.
     *
     * @param name the actor system's name
     * @param seed decides the schedule's picks and the context's generators
     * @param schedule in which order the loop runs what is ready
     * @param guardian makes the guardian, which is handed the world
     */
    public static <T> VirtualSystem<T> boot(
            String name, long seed, Schedule schedule, Function<WorldContext, Behavior<T>> guardian) {
        var loop = new VirtualLoop();
        var random = new SplitMix(seed);
        var contextSeeds = random.split(WORLD_SALT);
        var context = new VirtualContext(loop, contextSeeds.nextLong());
        long loopId = LoopRegistry.register(loop);
        try {
            var system = LoopBlockContext.draining(loop, () -> {
                var booted =
                        ActorSystem.create(waitForStart(guardian.apply(context)), name, WorldConfig.virtual(loopId));
                loop.runReady();
                return booted;
            });
            loop.begin(schedule, random.split(SCHEDULE_SALT));
            system.tell(Start.NOW);
            return new VirtualSystem<>(loop, context, contextSeeds, guardedBy(system), loopId);
        } catch (RuntimeException | Error failure) {
            LoopRegistry.remove(loopId);
            throw failure;
        }
    }

    /** The guardian must not act while the system starts: that is first come, first served and not yet counted. */
    private static <T> Behavior<Object> waitForStart(Behavior<T> guardian) {
        return Behaviors.receiveMessage(message -> {
            assert message == Start.NOW : message;
            return asObjects(guardian);
        });
    }

    /** Behaviors and systems do not look at their type parameter; after {@link Start#NOW} only T's arrive. */
    @SuppressWarnings("unchecked")
    private static <T> Behavior<Object> asObjects(Behavior<T> guardian) {
        return (Behavior<Object>) (Behavior<?>) guardian;
    }

    @SuppressWarnings("unchecked")
    private static <T> ActorSystem<T> guardedBy(ActorSystem<Object> system) {
        return (ActorSystem<T>) (ActorSystem<?>) system;
    }

    /** {@return the actor system; tell it things on the loop's thread only} */
    public ActorSystem<T> system() {
        return system;
    }

    /** {@return the loop that drives it} */
    public VirtualLoop loop() {
        return loop;
    }

    /** {@return the world as its actors see it} */
    public VirtualContext context() {
        return context;
    }

    /** {@return a further world on the same loop, for one more machine; its generators are its own} */
    public VirtualContext newContext() {
        return new VirtualContext(loop, contextSeeds.nextLong());
    }

    /** Ends the actor system by running its loop until it has terminated. Does nothing the second time. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        loop.forgive();
        try {
            LoopBlockContext.draining(loop, () -> {
                terminate();
                return system;
            });
        } finally {
            context.close();
            LoopRegistry.remove(loopId);
        }
    }

    private void terminate() {
        var terminated = system.getWhenTerminated().toCompletableFuture();
        system.terminate();
        while (!terminated.isDone()) {
            if (!loop.step()) {
                throw new IllegalStateException("actor system " + system.name() + " did not terminate although nothing"
                        + " is left to run on its loop at " + loop.now() + " ns");
            }
        }
        loop.runReady();
    }
}
