package io.faultline.world;

import java.util.concurrent.Executor;

import io.faultline.time.NanoClock;
import io.faultline.time.SplitMix;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.DispatcherSelector;

/**
 * A world as its actors see it: the one way to read time, to take time, to be told something later and to draw random
 * numbers. An actor written against it does the same on threads and in virtual time.
 *
 * <p>On threads every method may be called from any thread; in virtual time only on the loop's thread, where anything
 * else throws and stops the loop. Lanes belong to their owners (see {@link Lane}).
 */
public interface WorldContext extends AutoCloseable {
    /** {@return the world's clock, in nanoseconds} */
    NanoClock clock();

    /** {@return whether time is virtual, so that costs and waits are exact and nothing takes wall time} */
    boolean isVirtual();

    /**
     * A lane that takes time in virtual time only: for what costs time by itself elsewhere, such as a handler's work.
     *
     * @param name what it is, for traces and errors, for instance {@code handler-3}
     * @return a lane, free now
     */
    Lane lane(String name);

    /**
     * The same for an actor that is told when an operation that had to wait fails, see {@link LaneFailure}.
     *
     * @param name what it is, for traces and errors
     * @param owner the actor whose operations it serves
     * @return a lane, free now
     */
    Lane lane(String name, ActorRef<?> owner);

    /**
     * A lane that takes time in every world, through the world's timer: for what is modelled in every world, such as
     * the slots of a page source with a latency, or its link.
     *
     * @param name what it is, for traces and errors, for instance {@code source-slot-3}
     * @return a lane, free now
     */
    Lane timedLane(String name);

    /**
     * Tells an actor something later. In virtual time it arrives exactly then, after deliveries asked for earlier at the
     * same instant; on threads never early, and late by what the report says of the timer. A delay of 0 tells it now.
     *
     * @param delayNanos nanoseconds from now, at least 0
     * @param receiver who is told
     * @param message what it is told
     * @throws IllegalArgumentException when the delay is negative
     * @throws IllegalStateException when the world is closed
     */
    <M> void deliverAfter(long delayNanos, ActorRef<M> receiver, M message);

    /** {@return the dispatcher to spawn the machine's actors on} */
    DispatcherSelector dispatcher();

    /** {@return the same dispatcher by name, for {@code ActorAttributes.dispatcher} of a stream} */
    String dispatcherId();

    /**
     * The dispatcher of those actors that resolve faults, of which a world may have several: one for each group.
     *
     * @param number of the actor within its role; those of the same number are of the same group
     * @return {@link #dispatcher()} where there are no groups
     */
    default DispatcherSelector dispatcher(int number) {
        return DispatcherSelector.fromConfig(dispatcherId(number));
    }

    /**
     * The same by name.
     *
     * @param number of the actor within its role
     * @return {@link #dispatcherId()} where there are no groups
     */
    default String dispatcherId(int number) {
        return dispatcherId();
    }

    /**
     * Where a read that blocks runs: a bounded pool on threads, which runs a task on the caller when its queue is full;
     * inline in virtual time, where reading takes no virtual time by itself.
     *
     * @return the executor; pass it to every {@code *Async} method
     */
    Executor blockingReads();

    /**
     * Folds something that happened into the trace hash of a virtual world; elsewhere does nothing. Call it for what two
     * runs of one seed must agree on.
     *
     * @param kind which event, a constant of the caller's
     * @param a first detail, for instance a page
     * @param b second detail
     */
    void trace(int kind, long a, long b);

    /**
     * How far work begun now may run ahead of the clock before something else is due: in virtual time the present
     * instant when another runnable is ready, else the time of the next delivery, or {@link Long#MAX_VALUE} when there
     * is none; outside virtual time always {@link Long#MAX_VALUE}.
     *
     * @return nanoseconds on the world's clock
     */
    long sliceEndNanos();

    /**
     * Gives what was told from outside the actors (by the timer, by a blocking read) its turn. An actor that may go on
     * for ever by itself, as a vCPU does, calls it now and then; it costs little.
     */
    void letOthersRun();

    /**
     * A generator of its own for whoever asks, which depends only on the world's seed and the salt.
     *
     * @param salt tells the generators apart
     * @return a generator at its beginning
     */
    SplitMix random(long salt);

    /** {@return how late deliveries have been so far, for the report; exact in virtual time} */
    TimerAccuracy timerAccuracy();

    /** Stops the context's threads and drops what was still to be delivered. Does nothing the second time. */
    @Override
    void close();
}
