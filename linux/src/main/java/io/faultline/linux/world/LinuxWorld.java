package io.faultline.linux.world;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.faultline.embed.World;
import io.faultline.kernel.HostKernel;
import io.faultline.linux.LinuxSupport;
import io.faultline.linux.loop.EventLoop;
import io.faultline.linux.loop.EventLoopConfigurator;
import io.faultline.linux.userfault.UserfaultOpening;
import io.faultline.machine.MachineSpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the world {@code linux}. Memslots, handlers and fetchers are dealt to event loops by their numbers; each loop waits
 * for the userfaultfds of its memslots. What else there is to run, runs on as many threads as there are cores.
 */
public final class LinuxWorld {
    /** What it is called. */
    public static final String NAME = "linux";

    private static final String LOOP = "faultline.linux-loop-";
    /** Messages an actor takes before the loop looks at its other actors, and then at its descriptors. */
    private static final int THROUGHPUT = 64;

    private static final Duration LOOP_END = Duration.ofSeconds(30);
    private static final Logger LOG = LoggerFactory.getLogger(LinuxWorld.class);

    private LinuxWorld() {}

    /**
     * A world with as many loops as this machine has cores.
     *
     * @param support tells how to open userfaultfds here
     * @return the world; it opens nothing before a machine is run
     * @throws IllegalStateException when this machine cannot, with what is missing
     */
    public static World create(LinuxSupport support) {
        return create(support, Runtime.getRuntime().availableProcessors(), 0);
    }

    /**
     * A world.
     *
     * @param support tells how to open userfaultfds here
     * @param loops how many event loops
     * @param spinNanos how long each looks again and again before it waits
     * @return the world; it opens nothing before a machine is run
     * @throws IllegalArgumentException when there are to be no loops, or spinNanos is negative
     * @throws IllegalStateException when this machine cannot, with what is missing
     */
    public static World create(LinuxSupport support, int loops, long spinNanos) {
        if (loops < 1 || spinNanos < 0) {
            throw new IllegalArgumentException(
                    loops + " event loops that spin for " + spinNanos + " ns; at least 1 and 0 are needed");
        }
        return World.over(settings(loops, spinNanos), new Opening(support.opening()));
    }

    private static Config settings(int loops, long spinNanos) {
        Config loop = ConfigFactory.parseMap(Map.of("type", "Dispatcher", "executor",
                EventLoopConfigurator.class.getName(), "throughput", THROUGHPUT, "spin", spinNanos + "ns"));
        Config all = ConfigFactory.empty();
        List<String> names = new ArrayList<>();
        for (int number = 0; number < loops; number++) {
            names.add(LOOP + number);
            all = all.withFallback(loop.atPath(LOOP + number));
        }
        return all.withFallback(ConfigFactory.parseMap(Map.of("faultline.groups", names)));
    }

    private record Opening(UserfaultOpening userfaultfds) implements HostKernel.Opening {
        @Override
        public String name() {
            return NAME;
        }

        @Override
        public HostKernel open(MachineSpec spec) {
            RealSpec.check(spec);
            return LinuxKernel.open(spec, userfaultfds);
        }

        @Override
        public void ended() {
            try {
                if (!EventLoop.awaitEnds(LOOP_END)) {
                    LOG.warn("event loops did not end within {} s; their threads and descriptors stay",
                            LOOP_END.toSeconds());
                }
            } catch (InterruptedException interrupt) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
