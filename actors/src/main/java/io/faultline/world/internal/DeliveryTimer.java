package io.faultline.world.internal;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

import io.faultline.time.NanoClock;
import io.faultline.world.TimerAccuracy;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * Delivers messages later, on threads: one thread of its own that parks until shortly before the next is due and spins
 * for the rest, because a park ends 50 to 80 µs late (Linux's timer slack is 50 µs) and Pekko's timers 10 ms.
 *
 * <p>Never early; how late is measured. Any thread may ask; deliveries due at the same nanosecond leave in the order in
 * which they were asked for by one thread. It rests without using the processor when nothing is due soon.
 */
public final class DeliveryTimer implements AutoCloseable {
    /** Below this it does not pay to park. */
    private static final long SPIN_NANOS = 85_000;
    /** What a park overshoots, as a rule. */
    private static final long OVERSHOOT_NANOS = 80_000;

    private static final long LATE_MAX_NANOS = 3_600_000_000_000L;
    private static final int LATE_DIGITS = 2;
    private static final long AWAKE = Long.MIN_VALUE;

    private record Request(long dueNanos, TimedEvent.Delivery delivery) {}

    private final NanoClock clock;
    private final Thread thread;
    private final ConcurrentLinkedQueue<Request> requests = new ConcurrentLinkedQueue<>();
    /** Touched by the timer's thread only. */
    private final TimedEvents timed = new TimedEvents();

    private final SingleWriterRecorder late = new SingleWriterRecorder(LATE_MAX_NANOS, LATE_DIGITS);
    private final Histogram lateTotal = new Histogram(LATE_MAX_NANOS, LATE_DIGITS);
    /** Until when the thread parks; whoever asks for something earlier wakes it. */
    private volatile long parkedUntilNanos = AWAKE;

    private volatile boolean closed;

    /** Starts the thread. */
    DeliveryTimer(NanoClock clock, String threadName) {
        this.clock = clock;
        this.thread = Thread.ofPlatform().daemon().name(threadName).unstarted(this::work);
        thread.start();
    }

    /** Tells an actor something at an instant; at once, on the caller's thread, when that has come. */
    <M> void deliverAt(long dueNanos, Object sender, ActorRef<M> receiver, M message) {
        if (closed) {
            throw new IllegalStateException(
                    "cannot deliver " + message + " to " + receiver.path() + ": the world is closed");
        }
        if (dueNanos <= clock.nanos()) {
            receiver.tell(message);
            return;
        }
        requests.add(new Request(dueNanos, TimedEvent.Delivery.of(sender, receiver, message)));
        if (dueNanos < parkedUntilNanos) {
            LockSupport.unpark(thread);
        }
    }

    /** {@return how late deliveries were so far} */
    synchronized TimerAccuracy accuracy() {
        lateTotal.add(late.getIntervalHistogram());
        if (lateTotal.getTotalCount() == 0) {
            return TimerAccuracy.exact(0);
        }
        return new TimerAccuracy(
                lateTotal.getTotalCount(),
                lateTotal.getMean(),
                lateTotal.getValueAtPercentile(50),
                lateTotal.getValueAtPercentile(99),
                lateTotal.getMaxValue());
    }

    /** Stops the thread and drops what was not due yet. Does nothing the second time. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        if (Thread.currentThread() != thread) {
            Threads.joinUninterruptibly(thread);
        }
    }

    private void work() {
        while (!closed) {
            takeRequests();
            fireDue();
            rest();
        }
    }

    private void takeRequests() {
        for (@Nullable
        Request request = requests.poll(); request != null; request = requests.poll()) {
            timed.add(request.dueNanos, request.delivery);
        }
    }

    private void fireDue() {
        long due = timed.nextNanos();
        while (due != TimedEvents.NEVER) {
            long lateNanos = clock.nanos() - due;
            if (lateNanos < 0) {
                return;
            }
            timed.poll().fire();
            late.recordValue(Math.min(lateNanos, LATE_MAX_NANOS));
            due = timed.nextNanos();
        }
    }

    private void rest() {
        long due = timed.nextNanos();
        long waitNanos = due == TimedEvents.NEVER ? TimedEvents.NEVER : due - clock.nanos();
        if (waitNanos <= SPIN_NANOS) {
            Thread.onSpinWait();
            return;
        }
        parkedUntilNanos = due;
        // Looked at after it is said until when: an earlier request is either seen here or wakes the thread.
        if (requests.isEmpty() && !closed) {
            if (due == TimedEvents.NEVER) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, waitNanos - OVERSHOOT_NANOS);
            }
        }
        parkedUntilNanos = AWAKE;
    }
}
