package io.faultline.world.internal;

import java.io.Closeable;
import java.util.concurrent.ThreadFactory;

import com.typesafe.config.Config;
import org.apache.pekko.actor.AbstractScheduler;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.event.LoggingAdapter;
import org.jspecify.annotations.Nullable;
import scala.concurrent.ExecutionContext;
import scala.concurrent.duration.FiniteDuration;

/** Pekko's timers on the loop's clock: exact to the nanosecond, where Pekko's own are off by a tick. */
public final class VirtualScheduler extends AbstractScheduler implements Closeable {
    private static final double NANOS_PER_SECOND = 1e9;

    private final VirtualLoop loop;
    private boolean closed;

    /** Made by Pekko, by reflection. */
    public VirtualScheduler(Config config, LoggingAdapter log, ThreadFactory threadFactory) {
        this.loop = LoopRegistry.of(config);
    }

    /** Deprecated to call, but still what {@code scheduleAtFixedRate} calls. */
    @Override
    @SuppressWarnings("deprecation")
    public Cancellable schedule(
            FiniteDuration initialDelay, FiniteDuration interval, Runnable runnable, ExecutionContext executor) {
        if (interval.toNanos() <= 0) {
            throw new IllegalArgumentException("the interval of " + runnable + " is " + interval + ", not positive");
        }
        return start(new ScheduledTask(loop, runnable, executor::execute, interval.toNanos()), initialDelay);
    }

    @Override
    public Cancellable scheduleOnce(FiniteDuration delay, Runnable runnable, ExecutionContext executor) {
        return start(new ScheduledTask(loop, runnable, executor::execute, 0), delay);
    }

    @Override
    public double maxFrequency() {
        return NANOS_PER_SECOND;
    }

    /** Called by the actor system as its last act; dispatchers that ask for more are told to act at once. */
    @Override
    public void close() {
        closed = true;
        for (@Nullable
        TimedEvent event = loop.takeTimed(); event != null; event = loop.takeTimed()) {
            if (event instanceof ScheduledTask scheduled && scheduled.task() instanceof TaskRunOnClose task) {
                task.run();
            }
        }
    }

    private Cancellable start(ScheduledTask task, FiniteDuration delay) {
        if (closed) {
            // MessageDispatcher relies on this very exception to shut down at once instead of later.
            throw new IllegalStateException("cannot schedule " + task + ": the virtual world is closed");
        }
        task.start(delay.toNanos());
        return task;
    }
}
