package io.faultline.world.internal;

import org.apache.pekko.actor.typed.ActorSystem;

/** Worlds for actors that live in an actor system of somebody else's. */
public final class WorldContexts {
    private WorldContexts() {}

    /**
     * A world on threads for actors of a caller's actor system. Nothing of the system is changed; the context's threads
     * start here and end with {@link ThreadsContext#close()}.
     *
     * @param system its configuration must have the "faultline" section of this library's reference.conf
     * @param seed decides the context's generators
     * @throws IllegalStateException when that section is missing
     */
    public static ThreadsContext onThreads(ActorSystem<?> system, long seed) {
        var config = system.settings().config();
        if (!config.hasPath(WorldConfig.DISPATCHER)) {
            throw new IllegalStateException("actor system " + system.name() + " has no " + WorldConfig.DISPATCHER
                    + " in its configuration; Faultline's reference.conf is missing on the class path (a fat jar must"
                    + " append all files of that name)");
        }
        return new ThreadsContext(config, seed);
    }
}
