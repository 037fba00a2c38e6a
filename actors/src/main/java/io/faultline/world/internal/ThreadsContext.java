package io.faultline.world.internal;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

import com.typesafe.config.Config;
import io.faultline.time.NanoClock;
import io.faultline.time.SplitMix;
import io.faultline.world.Lane;
import io.faultline.world.TimerAccuracy;
import io.faultline.world.WorldContext;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.DispatcherSelector;

/** A world on threads, as its actors see it: the monotonic clock, lanes that take no time, a timer and a read pool. */
public final class ThreadsContext implements WorldContext {
    /** Tells the threads of several contexts in one JVM apart. */
    private static final AtomicInteger LAST_NUMBER = new AtomicInteger();

    private final NanoClock clock = NanoClock.monotonic();
    private final SplitMix random;
    private final List<String> groups;
    private final DeliveryTimer timer;
    private final BlockingPool blockingReads;
    private volatile boolean closed;

    ThreadsContext(Config config, long seed) {
        int number = LAST_NUMBER.incrementAndGet();
        this.random = new SplitMix(seed);
        this.groups = List.copyOf(config.getStringList("faultline.groups"));
        this.blockingReads = BlockingPool.of(
                "faultline-read-" + number + "-",
                config.getInt("faultline.blocking-reads.threads"),
                config.getInt("faultline.blocking-reads.queue"));
        this.timer = new DeliveryTimer(clock, "faultline-timer-" + number);
    }

    /** Of {@link #deliverAfter} and of the timed lanes. */
    @Override
    public TimerAccuracy timerAccuracy() {
        return timer.accuracy();
    }

    @Override
    public NanoClock clock() {
        return clock;
    }

    @Override
    public boolean isVirtual() {
        return false;
    }

    @Override
    public Lane lane(String name) {
        return new DirectLane(clock, name);
    }

    @Override
    public Lane lane(String name, ActorRef<?> owner) {
        return lane(name); // nothing ever waits here
    }

    @Override
    public Lane timedLane(String name) {
        return new TimedLane(clock, timer, name);
    }

    @Override
    public <M> void deliverAfter(long delayNanos, ActorRef<M> receiver, M message) {
        Checks.deliverable(delayNanos, closed, receiver, message);
        timer.deliverAt(Math.addExact(clock.nanos(), delayNanos), "deliverAfter", receiver, message);
    }

    @Override
    public DispatcherSelector dispatcher() {
        return DispatcherSelector.fromConfig(dispatcherId());
    }

    @Override
    public String dispatcherId() {
        return WorldConfig.DISPATCHER;
    }

    @Override
    public String dispatcherId(int number) {
        return groups.isEmpty() ? dispatcherId() : groups.get(number % groups.size());
    }

    @Override
    public Executor blockingReads() {
        return blockingReads;
    }

    @Override
    public void trace(int kind, long a, long b) {
        // Threads decide the order here, so there is nothing two runs could agree on.
    }

    @Override
    public long sliceEndNanos() {
        return Long.MAX_VALUE;
    }

    @Override
    public void letOthersRun() {
        OutsideTasks.takeOneIn();
    }

    @Override
    public SplitMix random(long salt) {
        return random.split(salt);
    }

    @Override
    public void close() {
        closed = true;
        timer.close();
        blockingReads.close();
    }
}
