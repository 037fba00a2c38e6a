package io.faultline.world.internal;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;

import io.faultline.schedule.Schedule;
import io.faultline.time.NanoClock;
import io.faultline.time.SplitMix;
import org.apache.pekko.actor.ActorCell;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * The heart of virtual time: runs what is ready at the present instant, one thing at a time in the order its schedule
 * picks, and when nothing is, moves the clock to the next timed event and fires all that are due at that instant.
 *
 * <p>Everything happens on the thread that made the loop; from any other it throws, there and at the loop's next step.
 * One seed gives one {@link #traceHash()}: it covers every pick with its time, every timed event with its sequence, and
 * what the actors trace themselves.
 */
public final class VirtualLoop implements NanoClock {
    private final Thread thread = Thread.currentThread();
    private final TimedEvents timed = new TimedEvents();
    private final TraceHash trace = new TraceHash();
    private final ConcurrentLinkedQueue<Runnable> stranded = new ConcurrentLinkedQueue<>();
    private ReadyList ready = ReadyList.of(Schedule.fifo(), new SplitMix(0));
    private @Nullable Runnable current;
    private long nowNanos;
    private long events;
    private long timedDeliveries;
    private volatile @Nullable ForeignThreadError escape;

    VirtualLoop() {}

    /** {@return the present instant, in virtual nanoseconds since the world began} */
    public long now() {
        return nowNanos;
    }

    /** The same as {@link #now()}, as a clock of those who run on the loop. */
    @Override
    public long nanos() {
        checkThread("a look at its clock");
        return nowNanos;
    }

    /** {@return when something happens next: now when something is ready, {@link Long#MAX_VALUE} when nothing will} */
    public long nextEventNanos() {
        return ready.size() > 0 ? nowNanos : timed.nextNanos();
    }

    /** {@return whether nothing is ready and nothing is due at any time} */
    public boolean isIdle() {
        return nextEventNanos() == TimedEvents.NEVER;
    }

    /** {@return mailbox runs and timed events so far, without those of the start} */
    public long events() {
        return events;
    }

    /** {@return the hash of all that has happened, without the start} */
    public long traceHash() {
        return trace.value();
    }

    /**
     * Runs everything up to and including an instant, and leaves the clock there.
     *
     * @param nanos not before now
     */
    public void advanceTo(long nanos) {
        if (nanos < nowNanos) {
            throw new IllegalArgumentException("cannot go back from " + nowNanos + " ns to " + nanos + " ns");
        }
        checkOutside();
        LoopBlockContext.refusing(() -> {
            while (nextEventNanos() <= nanos && step()) {}
        });
        nowNanos = nanos;
    }

    /**
     * Runs until a condition holds, which is asked before every step.
     *
     * @param condition cheap, without effects
     * @return whether it holds; otherwise the loop is idle
     */
    public boolean runUntil(BooleanSupplier condition) {
        return runUntil(condition, Long.MAX_VALUE);
    }

    /**
     * Runs until a condition holds, which is asked before every step, or an instant is over.
     *
     * @param condition cheap, without effects
     * @param latestNanos nothing later happens
     * @return whether it holds
     */
    public boolean runUntil(BooleanSupplier condition, long latestNanos) {
        checkOutside();
        LoopBlockContext.refusing(() -> {
            while (!condition.getAsBoolean() && nextEventNanos() <= latestNanos && step()) {}
        });
        return condition.getAsBoolean();
    }

    /** Runs until nothing is left to happen. Never returns while an actor keeps a periodic timer. */
    public void runUntilIdle() {
        checkOutside();
        LoopBlockContext.refusing(this::stepUntilIdle);
    }

    private void checkOutside() {
        var running = current;
        if (running != null) {
            throw new IllegalStateException("the loop cannot be run from within, by " + Names.describe(running)
                    + ": ask for what is to happen, and return");
        }
    }

    /** Runs what is ready, without moving the clock. */
    void runReady() {
        while (ready.size() > 0) {
            step();
        }
    }

    void stepUntilIdle() {
        while (step()) {}
    }

    /** {@return whether there was anything to do: a pick, or all that is due at the next instant} */
    boolean step() {
        checkThread("the loop itself");
        var escaped = escape;
        if (escaped != null) {
            throw escaped.again();
        }
        if (ready.size() > 0) {
            runOne();
            return true;
        }
        long next = timed.nextNanos();
        if (next == TimedEvents.NEVER) {
            return false;
        }
        fireAllAt(next);
        return true;
    }

    private void runOne() {
        var item = ready.take();
        trace.fold(nowNanos);
        trace.fold(ready.takenArrival());
        events++;
        // A step within a step happens while the system starts or ends, when Pekko awaits.
        var outer = current;
        current = item;
        try {
            item.run();
        } finally {
            current = outer;
        }
    }

    private void fireAllAt(long instant) {
        assert instant > nowNanos : "timed event at " + instant + " ns fires at " + nowNanos + " ns";
        nowNanos = instant;
        while (timed.nextNanos() == instant) {
            var event = timed.poll();
            trace.fold(instant);
            trace.fold(timed.polledSequence());
            events++;
            event.fire();
        }
    }

    /** Makes something ready. */
    void execute(Runnable item) {
        if (Thread.currentThread() != thread) {
            // Kept, so that an actor told from outside can still be stopped by close().
            stranded.add(item);
            throw escaped(item);
        }
        ready.add(item);
    }

    void schedule(long delayNanos, TimedEvent event) {
        scheduleAt(Math.addExact(nowNanos, delayNanos), event);
    }

    void scheduleAt(long nanos, TimedEvent event) {
        checkThread(event);
        if (nanos <= nowNanos) {
            throw new IllegalArgumentException(event + " is due at " + nanos + " ns, but it is " + nowNanos + " ns");
        }
        timed.add(nanos, event);
    }

    /** Tells an actor something at a given instant, at once when that is now. */
    <M> void deliverAt(long nanos, Object sender, ActorRef<M> receiver, M message) {
        if (nanos == nowNanos) {
            checkThread(receiver.path());
            receiver.tell(message);
        } else {
            timedDeliveries++;
            scheduleAt(nanos, TimedEvent.Delivery.of(sender, receiver, message));
        }
    }

    /** Gives a lane its turn at a given instant, among what is ready when that is now. */
    void startLaneAt(long nanos, VirtualLane lane) {
        if (nanos == nowNanos) {
            execute(lane);
        } else {
            scheduleAt(nanos, new TimedEvent.LaneTurn(lane));
        }
    }

    /** {@return messages that were given a time to arrive at} */
    long timedDeliveries() {
        return timedDeliveries;
    }

    void noteCancelled() {
        timed.noteCancelled();
    }

    /** {@return the next timed event, taken out without being fired; for the end of the system} */
    @Nullable
    TimedEvent takeTimed() {
        return timed.nextNanos() == TimedEvents.NEVER ? null : timed.poll();
    }

    /** {@return what runs now, or a word for the code outside the loop that drives it} */
    Object currentSender() {
        var running = current;
        return running == null ? "outside the loop" : running;
    }

    void trace(int kind, long a, long b) {
        checkThread("a trace call");
        trace.fold(kind);
        trace.fold(a);
        trace.fold(b);
    }

    /** Ends the start: from here on the schedule decides, and what happens counts. */
    void begin(Schedule schedule, SplitMix random) {
        assert ready.size() == 0 : ready.size() + " runnables are left from the start";
        ready = ReadyList.of(schedule, random);
        events = 0;
        trace.reset();
    }

    /** For an end that works even after a foreign thread broke the order: takes up what was refused. */
    void forgive() {
        checkThread("close");
        escape = null;
        for (Runnable item = stranded.poll(); item != null; item = stranded.poll()) {
            ready.add(item);
        }
    }

    /** As {@link #checkThread}, of a message to an actor, which it names only when it is refused. */
    void checkSender(ActorCell receiver, Object message) {
        if (Thread.currentThread() != thread) {
            throw escaped(message + " for actor " + receiver.self().path());
        }
    }

    /**
     * Refuses a thread that is not the loop's.
     *
     * @param what it wanted, for the error
     * @throws ForeignThreadError there, and at the loop's next step
     */
    public void checkThread(Object what) {
        if (Thread.currentThread() != thread) {
            throw escaped(what);
        }
    }

    private ForeignThreadError escaped(Object what) {
        var error = new ForeignThreadError("thread \"" + Thread.currentThread().getName() + "\" reached into the"
                + " virtual loop of thread \"" + thread.getName() + "\" with " + Names.describe(what)
                + "; in virtual time everything must run on the loop");
        escape = error;
        return error;
    }
}
