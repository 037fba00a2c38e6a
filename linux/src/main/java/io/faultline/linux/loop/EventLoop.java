package io.faultline.linux.loop;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import io.faultline.time.NanoClock;
import org.jspecify.annotations.Nullable;

/**
 * One thread that runs tasks in the order they came, and waits in epoll on the descriptors it watches when there are none.
 * What comes from outside while it waits wakes it through an eventfd.
 *
 * <p>Before it waits it may spin: look again and again for a while. That spares a fault the way through the scheduler, tens of
 * microseconds when an idle CPU has to be woken, and burns a core.
 *
 * <p>Threading: {@link #execute} and the methods of an executor may be called from any thread, {@link #watch} and
 * {@link #unwatch} on the loop's own only. Nothing that runs here may block: neither on a source, nor in a call on watched
 * memory, whose fault or event only this thread would resolve.
 */
public final class EventLoop extends AbstractExecutorService {
    /** What the threads of loops are called. */
    public static final String THREAD_NAME = "faultline-linux-loop";

    /** After so many tasks in a row the descriptors are looked at, so that messages do not keep faults waiting. */
    private static final int TASKS_PER_POLL = 64;

    /** Those that were shut down and have yet to close their descriptors. */
    private static final Set<EventLoop> ENDING = ConcurrentHashMap.newKeySet();

    private static final ThreadLocal<@Nullable EventLoop> CURRENT = new ThreadLocal<>();

    private final NanoClock clock;
    private final long spinNanos;
    private final Poller poller;
    private final Thread thread;
    private final ArrayDeque<Runnable> ready = new ArrayDeque<>();
    private final Queue<Runnable> outside = new ConcurrentLinkedQueue<>();
    private volatile boolean asleep;
    private volatile boolean shutdown;
    private final AtomicLong sleeps = new AtomicLong();

    private EventLoop(long spinNanos, NanoClock clock) {
        this.spinNanos = spinNanos;
        this.clock = clock;
        this.poller = new Poller(ready::add);
        this.thread = Thread.ofPlatform().daemon().name(THREAD_NAME).unstarted(this::run);
    }

    /**
     * Starts a loop.
     *
     * @param spinNanos how long to look again and again before waiting; 0 not at all
     * @param clock tells how long it has spun
     * @return the loop, running
     * @throws IllegalArgumentException when spinNanos is negative
     * @throws io.faultline.linux.call.LinuxCallException when there are too many descriptors
     */
    public static EventLoop start(long spinNanos, NanoClock clock) {
        if (spinNanos < 0) {
            throw new IllegalArgumentException("a loop that spins for " + spinNanos + " ns; 0 is the least");
        }
        EventLoop loop = new EventLoop(spinNanos, clock);
        loop.thread.start();
        return loop;
    }

    /**
     * The loop whose thread calls.
     *
     * @return the loop
     * @throws IllegalStateException on any other thread
     */
    public static EventLoop current() {
        EventLoop loop = CURRENT.get();
        if (loop == null) {
            throw new IllegalStateException(
                    "thread " + Thread.currentThread().getName() + " is no event loop's");
        }
        return loop;
    }

    /**
     * Watches a descriptor, edge-triggered: the action runs once when something has come that was not there before. So who
     * is told reads until EAGAIN, now or later; what is left unread is not told again.
     *
     * @param descriptor non-blocking
     * @param readable runs on this thread, as a task; perhaps once more after {@link #unwatch}
     * @throws io.faultline.linux.call.LinuxCallException when it cannot be watched
     */
    public void watch(int descriptor, Runnable readable) {
        requireOwnThread();
        poller.watch(descriptor, readable);
    }

    /**
     * Watches a descriptor no more. Before it is closed: a duplicate would go on being watched.
     *
     * @param descriptor one that is watched
     */
    public void unwatch(int descriptor) {
        requireOwnThread();
        poller.unwatch(descriptor);
    }

    private void requireOwnThread() {
        if (!isOwnThread()) {
            throw new IllegalStateException("only the loop's own thread may say what it watches; "
                    + Thread.currentThread().getName() + " tried to: execute it there");
        }
    }

    private boolean isOwnThread() {
        return Thread.currentThread() == thread;
    }

    /** {@return how often it has waited in epoll} */
    public long sleeps() {
        return sleeps.get();
    }

    @Override
    public void execute(Runnable task) {
        if (isOwnThread()) {
            ready.add(task); // also while it ends: what runs may need it
            return;
        }
        if (shutdown) {
            throw new RejectedExecutionException("the event loop is shut down");
        }
        outside.add(task);
        if (shutdown && outside.remove(task)) {
            throw new RejectedExecutionException("the event loop was shut down meanwhile");
        }
        if (asleep) {
            poller.wakeUp();
        }
    }

    private void run() {
        CURRENT.set(this);
        try (poller) {
            while (true) {
                takeOutside();
                if (!ready.isEmpty()) {
                    runReady();
                } else if (shutdown) {
                    takeOutside(); // what was accepted before
                    if (ready.isEmpty()) {
                        break;
                    }
                } else if (!spin()) {
                    sleep();
                }
            }
        } finally {
            shutdown = true;
            CURRENT.remove();
            ENDING.remove(this);
        }
    }

    /**
     * Waits until every loop of this JVM that was shut down has ended, and its descriptors are closed. A dispatcher does not
     * wait for its thread.
     *
     * @param most how long to wait for each
     * @return whether they have
     * @throws InterruptedException when the calling thread is interrupted
     */
    public static boolean awaitEnds(Duration most) throws InterruptedException {
        boolean all = true;
        for (EventLoop loop : ENDING) {
            all &= loop.awaitTermination(most.toNanos(), TimeUnit.NANOSECONDS);
        }
        return all;
    }

    private void takeOutside() {
        Runnable task = outside.poll();
        while (task != null) {
            ready.add(task);
            task = outside.poll();
        }
    }

    private void runReady() {
        for (int i = 0; i < TASKS_PER_POLL; i++) {
            Runnable task = ready.poll();
            if (task == null) {
                return; // spinning or sleeping looks at the descriptors
            }
            runOne(task);
        }
        poller.poll();
    }

    /** One task's failure is not the others'. */
    private void runOne(Runnable task) {
        try {
            task.run();
        } catch (Throwable failure) {
            thread.getUncaughtExceptionHandler().uncaughtException(thread, failure);
        }
    }

    /** Looks until something is there or the time is over; whether something was. */
    private boolean spin() {
        if (spinNanos == 0) {
            return false;
        }
        long start = clock.nanos();
        do {
            if (poller.poll() || !outside.isEmpty() || shutdown) {
                return true;
            }
            Thread.onSpinWait();
        } while (clock.nanos() - start < spinNanos);
        return false;
    }

    private void sleep() {
        asleep = true;
        // Whoever adds looks at asleep afterwards; whoever sleeps looks at the queue afterwards: one of them sees the other.
        if (outside.isEmpty() && !shutdown) {
            sleeps.incrementAndGet();
            poller.await();
        }
        asleep = false;
    }

    /** {@inheritDoc} Tasks that were accepted still run; what is watched is watched no more. Does not wait. */
    @Override
    public void shutdown() {
        ENDING.add(this);
        shutdown = true;
        if (isTerminated()) {
            ENDING.remove(this);
        }
        poller.wakeUp();
    }

    /** {@inheritDoc} */
    @Override
    public List<Runnable> shutdownNow() {
        List<Runnable> waiting = new ArrayList<>();
        Runnable task = outside.poll();
        while (task != null) {
            waiting.add(task);
            task = outside.poll();
        }
        shutdown();
        return waiting;
    }

    @Override
    public boolean isShutdown() {
        return shutdown;
    }

    @Override
    public boolean isTerminated() {
        return thread.getState() == Thread.State.TERMINATED;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        return thread.join(Duration.of(timeout, unit.toChronoUnit()));
    }
}
