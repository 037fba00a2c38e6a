package io.faultline.world.internal;

import java.util.concurrent.Executor;

import io.faultline.time.NanoClock;
import io.faultline.time.SplitMix;
import io.faultline.world.Lane;
import io.faultline.world.TimerAccuracy;
import io.faultline.world.WorldContext;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.DispatcherSelector;

/** A world in virtual time, as its actors see it. There may be several on one loop, for several machines. */
public final class VirtualContext implements WorldContext {
    private final VirtualLoop loop;
    private final long seed;
    private boolean closed;

    VirtualContext(VirtualLoop loop, long seed) {
        this.loop = loop;
        this.seed = seed;
    }

    /** {@return the loop, which is also the clock} */
    public VirtualLoop loop() {
        return loop;
    }

    @Override
    public NanoClock clock() {
        return loop;
    }

    @Override
    public boolean isVirtual() {
        return true;
    }

    @Override
    public Lane lane(String name) {
        return new VirtualLane(loop, name, null);
    }

    @Override
    public Lane lane(String name, ActorRef<?> owner) {
        return new VirtualLane(loop, name, owner);
    }

    @Override
    public Lane timedLane(String name) {
        return new VirtualLane(loop, name, null);
    }

    @Override
    public <M> void deliverAfter(long delayNanos, ActorRef<M> receiver, M message) {
        Checks.deliverable(delayNanos, closed, receiver, message);
        loop.deliverAt(Math.addExact(loop.now(), delayNanos), loop.currentSender(), receiver, message);
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
    public Executor blockingReads() {
        return Runnable::run;
    }

    @Override
    public void trace(int kind, long a, long b) {
        loop.trace(kind, a, b);
    }

    @Override
    public long sliceEndNanos() {
        return loop.nextEventNanos();
    }

    @Override
    public void letOthersRun() {
        // Nothing comes from outside here, and the loop is fair.
    }

    @Override
    public SplitMix random(long salt) {
        return new SplitMix(seed).split(salt);
    }

    @Override
    public TimerAccuracy timerAccuracy() {
        return TimerAccuracy.exact(loop.timedDeliveries());
    }

    /** Only refuses later deliveries: the loop, and what is on its way, belong to the {@link VirtualSystem}. */
    @Override
    public void close() {
        closed = true;
    }
}
