package io.faultline.world.internal;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.faultline.world.WorldContext;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;

/**
 * An actor system on threads of its own: one fork-join pool as wide as the machine has cores, the timer and the reads.
 *
 * @param <T> what the guardian takes
 */
public final class ThreadsSystem<T> implements AutoCloseable {
    private static final long END_SECONDS = 60;

    private final ActorSystem<T> system;
    private final ThreadsContext context;

    private ThreadsSystem(ActorSystem<T> system, ThreadsContext context) {
        this.system = system;
        this.context = context;
    }

    /**
     * Boots a system; its guardian starts at once.
     *
     * @param name the actor system's name
     * @param seed decides the context's generators
     * @param guardian makes the guardian, which is handed the world
     */
    public static <T> ThreadsSystem<T> boot(
            String name, long seed, Function<WorldContext, Behavior<T>> guardian) {
        return boot(name, ConfigFactory.empty(), seed, guardian);
    }

    /**
     * The same with settings of its own.
     *
     * @param name the actor system's name
     * @param settings go before the world's: dispatchers, and which groups they serve
     * @param seed decides the context's generators
     * @param guardian makes the guardian, which is handed the world
     */
    public static <T> ThreadsSystem<T> boot(
            String name, Config settings, long seed, Function<WorldContext, Behavior<T>> guardian) {
        var config = WorldConfig.threads(settings);
        var context = new ThreadsContext(config, seed);
        try {
            return new ThreadsSystem<>(ActorSystem.create(guardian.apply(context), name, config), context);
        } catch (RuntimeException | Error failure) {
            context.close();
            throw failure;
        }
    }

    /** {@return the actor system} */
    public ActorSystem<T> system() {
        return system;
    }

    /** {@return the world as its actors see it} */
    public ThreadsContext context() {
        return context;
    }

    /** Ends the actor system, waits for that, and ends the context's threads. Does nothing the second time. */
    @Override
    public void close() {
        var terminated = system.getWhenTerminated().toCompletableFuture();
        system.terminate();
        try {
            terminated.get(END_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException late) {
            throw new IllegalStateException(
                    "actor system " + system.name() + " did not terminate within " + END_SECONDS + " s", late);
        } catch (ExecutionException failure) {
            throw new IllegalStateException("actor system " + system.name() + " ended with a failure", failure);
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
        } finally {
            context.close();
        }
    }
}
