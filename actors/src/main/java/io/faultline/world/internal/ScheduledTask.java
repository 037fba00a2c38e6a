package io.faultline.world.internal;

import java.util.concurrent.Executor;

import org.apache.pekko.actor.Cancellable;

/** What Pekko's own timers, asks and time-outs become: a task handed to an executor once, or again and again. */
final class ScheduledTask implements TimedEvent, Cancellable {
    private enum State {
        /** Among the loop's timed events. */
        TIMED,
        /** Among what is ready: it was due at once. */
        READY,
        DONE,
        CANCELLED
    }

    private final VirtualLoop loop;
    private final Runnable task;
    private final Executor executor;
    /** 0 for a task that fires once. */
    private final long periodNanos;
    private State state = State.READY;

    ScheduledTask(VirtualLoop loop, Runnable task, Executor executor, long periodNanos) {
        this.loop = loop;
        this.task = task;
        this.executor = executor;
        this.periodNanos = periodNanos;
    }

    Runnable task() {
        return task;
    }

    /** Asks for the task. Due at once means in a turn of its own at this instant, not in the caller's. */
    void start(long delayNanos) {
        if (delayNanos > 0) {
            state = State.TIMED;
            loop.schedule(delayNanos, this);
        } else {
            loop.execute(() -> {
                if (!isCancelled()) {
                    fire();
                }
            });
        }
    }

    @Override
    public void fire() {
        if (periodNanos > 0) {
            start(periodNanos);
        } else {
            state = State.DONE;
        }
        executor.execute(task);
    }

    @Override
    public boolean cancel() {
        loop.checkThread(this);
        if (isCancelled() || state == State.DONE) {
            return false;
        }
        boolean isTimed = state == State.TIMED;
        state = State.CANCELLED;
        if (isTimed) {
            loop.noteCancelled();
        }
        return true;
    }

    @Override
    public boolean isCancelled() {
        return state == State.CANCELLED;
    }

    @Override
    public String toString() {
        return "timer task " + task.getClass().getName();
    }
}
