package io.faultline.world.internal;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A bounded pool for reads that block. Threads start when there is work and end after a second without; when the queue
 * is full the asking thread runs the read itself, so nothing is refused and the asker slows down.
 */
final class BlockingPool extends ThreadPoolExecutor {
    private static final Logger LOG = LoggerFactory.getLogger(BlockingPool.class);
    private static final long KEEP_ALIVE_SECONDS = 1;
    private static final long END_SECONDS = 10;

    private BlockingPool(String name, int threads, int queue, AtomicInteger started) {
        super(
                threads,
                threads,
                KEEP_ALIVE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(queue),
                task -> Thread.ofPlatform().daemon().name(name + started.getAndIncrement()).unstarted(task),
                BlockingPool::runOnCaller);
        allowCoreThreadTimeOut(true);
    }

    static BlockingPool of(String name, int threads, int queue) {
        return new BlockingPool(name, threads, queue, new AtomicInteger());
    }

    private static void runOnCaller(Runnable task, ThreadPoolExecutor pool) {
        if (pool.isShutdown()) {
            throw new RejectedExecutionException("a read was asked for after the world was closed");
        }
        task.run();
    }

    /** Drops what waits and waits for what reads; interrupts it only when it does not end, and says so. */
    @Override
    public void close() {
        shutdown();
        getQueue().clear();
        if (!endsWithin(END_SECONDS)) {
            LOG.warn("{} reads did not end within {} s of the world's end; interrupting them", getActiveCount(),
                    END_SECONDS);
            shutdownNow();
            if (!endsWithin(END_SECONDS)) {
                LOG.error("{} reads ignore the interrupt; their threads stay", getActiveCount());
            }
        }
    }

    private boolean endsWithin(long seconds) {
        try {
            return awaitTermination(seconds, TimeUnit.SECONDS);
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            return isTerminated();
        }
    }
}
