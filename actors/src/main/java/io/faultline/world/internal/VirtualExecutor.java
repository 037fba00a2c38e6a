package io.faultline.world.internal;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

import com.typesafe.config.Config;
import org.apache.pekko.dispatch.DispatcherPrerequisites;
import org.apache.pekko.dispatch.ExecutorServiceConfigurator;
import org.apache.pekko.dispatch.ExecutorServiceFactory;

/** The {@code executor} of every dispatcher in a virtual world: it hands its mailboxes to the loop. */
public final class VirtualExecutor extends ExecutorServiceConfigurator {
    private final VirtualLoop loop;

    /** Made by Pekko, by reflection. */
    public VirtualExecutor(Config config, DispatcherPrerequisites prerequisites) {
        super(config, prerequisites);
        this.loop = LoopRegistry.of(prerequisites.settings().config());
    }

    @Override
    public ExecutorServiceFactory createExecutorServiceFactory(String id, ThreadFactory threadFactory) {
        return () -> new OnLoop(loop);
    }

    /** Shutting one down has no effect on the loop: other dispatchers share it, and what is ready still runs. */
    private static final class OnLoop extends AbstractExecutorService {
        private final VirtualLoop loop;
        private boolean shutdown;

        OnLoop(VirtualLoop loop) {
            this.loop = loop;
        }

        @Override
        public void execute(Runnable command) {
            loop.execute(command);
        }

        @Override
        public void shutdown() {
            shutdown = true;
        }

        @Override
        public List<Runnable> shutdownNow() {
            shutdown = true;
            return List.of();
        }

        @Override
        public boolean isShutdown() {
            return shutdown;
        }

        @Override
        public boolean isTerminated() {
            return shutdown;
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return shutdown;
        }
    }
}
