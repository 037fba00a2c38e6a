package io.faultline.world.internal;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The loop as an executor. Shutting it down has no effect on the loop: several dispatchers of one system may share it,
 * and what is ready still runs.
 */
final class LoopExecutor extends AbstractExecutorService {
    private final VirtualLoop loop;
    private boolean shutdown;

    LoopExecutor(VirtualLoop loop) {
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
