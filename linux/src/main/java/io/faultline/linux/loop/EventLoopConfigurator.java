package io.faultline.linux.loop;

import java.util.concurrent.ThreadFactory;

import com.typesafe.config.Config;
import io.faultline.time.NanoClock;
import org.apache.pekko.dispatch.DispatcherPrerequisites;
import org.apache.pekko.dispatch.ExecutorServiceConfigurator;
import org.apache.pekko.dispatch.ExecutorServiceFactory;

/**
 * Makes a Pekko dispatcher of an {@link EventLoop}: all actors of the dispatcher run on its one thread, which they find with
 * {@link EventLoop#current}. Named in a configuration:
 *
 * <pre>
 * my-loop {
 *   type = Dispatcher
 *   executor = "io.faultline.linux.loop.EventLoopConfigurator"
 *   throughput = 64
 *   spin = 0
 * }
 * </pre>
 *
 * <p>{@code spin} is how long the loop looks again and again before it waits, say {@code 20us}. The thread ends, and its
 * descriptors are closed, with the dispatcher: when its last actor has gone, and when the system ends.
 */
public final class EventLoopConfigurator extends ExecutorServiceConfigurator {
    private static final String SPIN = "spin";

    private final long spinNanos;

    /**
     * Made by Pekko, by reflection.
     *
     * @param config of the dispatcher
     * @param prerequisites of the dispatcher
     */
    public EventLoopConfigurator(Config config, DispatcherPrerequisites prerequisites) {
        super(config, prerequisites);
        spinNanos = config.hasPath(SPIN) ? config.getDuration(SPIN).toNanos() : 0;
    }

    @Override
    public ExecutorServiceFactory createExecutorServiceFactory(String id, ThreadFactory threadFactory) {
        return () -> EventLoop.start(spinNanos, NanoClock.monotonic());
    }
}
