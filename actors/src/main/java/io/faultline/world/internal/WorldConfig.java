package io.faultline.world.internal;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;

/**
 * The configuration of the actor systems a world owns. Built from the libraries' reference.conf and what stands here,
 * never from a user's application.conf: a log level or a dispatcher setting there must not change a run.
 */
final class WorldConfig {
    /** The dispatcher of a machine's actors, in every world and in a caller's system. */
    static final String DISPATCHER = "faultline.dispatcher";

    private static final String COMMON = """
            pekko {
              loglevel = WARNING
              stdout-loglevel = WARNING
              loggers = ["org.apache.pekko.event.slf4j.Slf4jLogger"]
              logging-filter = "org.apache.pekko.event.slf4j.Slf4jLoggingFilter"
              log-dead-letters = off
              log-dead-letters-during-shutdown = off
              daemonic = on
              jvm-shutdown-hooks = off
              coordinated-shutdown.run-by-jvm-shutdown-hook = off
              coordinated-shutdown.run-by-actor-system-terminate = on
              coordinated-shutdown.exit-jvm = off
            }
            """;

    /** Every dispatcher on the loop; one message a mailbox run, so that a schedule can interleave at every message. */
    private static final String VIRTUAL = """
            faultline.virtual.on-loop {
              type = "io.faultline.world.internal.LoopDispatcher$Configurator"
              throughput = 1
            }
            faultline.dispatcher = "pekko.actor.default-dispatcher"
            pekko {
              scheduler.implementation = "io.faultline.world.internal.VirtualScheduler"
              actor.default-dispatcher = ${faultline.virtual.on-loop}
              actor.default-blocking-io-dispatcher = ${faultline.virtual.on-loop}
              actor.internal-dispatcher = "pekko.actor.default-dispatcher"
            }
            """;

    /** As wide as the machine has cores, and everything on it: a second pool would only take turns with the first. */
    private static final String THREADS = """
            pekko.actor {
              default-dispatcher = ${faultline.dispatcher}
              internal-dispatcher = "pekko.actor.default-dispatcher"
            }
            """;

    private WorldConfig() {}

    static Config virtual(long loopId) {
        return ConfigFactory.parseString(LoopRegistry.KEY + " = " + loopId)
                .withFallback(ConfigFactory.parseString(VIRTUAL))
                .withFallback(common())
                .resolve();
    }

    /**
     * Of the world on threads.
     *
     * @param over goes before what stands here
     */
    static Config threads(Config over) {
        var resolved = over.withFallback(ConfigFactory.parseString(THREADS)).withFallback(common()).resolve();
        // Only now: the default dispatcher takes its settings from what this turns into its alias.
        return ConfigFactory.parseString(DISPATCHER + " = \"pekko.actor.default-dispatcher\"")
                .withFallback(resolved);
    }

    private static Config common() {
        return ConfigFactory.parseString(COMMON).withFallback(ConfigFactory.defaultReferenceUnresolved());
    }
}
