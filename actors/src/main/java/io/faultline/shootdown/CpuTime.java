package io.faultline.shootdown;

import java.util.Objects;
import java.util.function.LongSupplier;

import io.faultline.world.Lane;
import io.faultline.world.WorldContext;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * The time of one CPU: interrupt handlers, one after the other, and the thread, which gets what they leave. What an
 * interrupt takes while the thread works is added to the end of that work. Not thread-safe: the CPU's actor owns it.
 */
final class CpuTime {
    private final WorldContext world;
    private final ActorRef<CpuActor.Command> self;
    private final Lane handlers;
    private @Nullable Runnable then;
    /** By handlers, those under way included. */
    private long stolenNanos;
    /** What of that the thread's work has been put off by. */
    private long paidNanos;

    CpuTime(WorldContext world, int cpu, ActorRef<CpuActor.Command> self) {
        this.world = world;
        this.self = self;
        this.handlers = world.lane("cpu-" + cpu);
    }

    /** The thread works. Only one piece of work at a time. */
    void work(long nanos, Runnable afterwards) {
        begin(afterwards);
        long handlerLeftNanos = handlers.freeAtNanos() - world.clock().nanos();
        world.deliverAfter(handlerLeftNanos + nanos, self, CpuActor.Signal.WORKED);
    }

    /** The thread works with interrupts disabled: those that come meanwhile are taken at the end. */
    void workUninterrupted(LongSupplier work, Runnable afterwards) {
        begin(afterwards);
        handlers.run(out -> {
            paidNanos = stolenNanos;
            out.tell(self, CpuActor.Signal.WORKED);
            return work.getAsLong();
        });
    }

    private void begin(Runnable afterwards) {
        assert then == null : "a thread does two things at once";
        then = afterwards;
        paidNanos = stolenNanos;
    }

    /** A piece of work would be over, were it not for interrupts. */
    void worked() {
        long putOffNanos = stolenNanos - paidNanos;
        if (putOffNanos > 0) {
            paidNanos = stolenNanos;
            world.deliverAfter(putOffNanos, self, CpuActor.Signal.WORKED);
            return;
        }
        Runnable next = then;
        then = null;
        Objects.requireNonNull(next, "a thread that did nothing is done with it").run();
    }

    /** A handler runs as soon as no other does. */
    void handle(LongSupplier handler) {
        handlers.run(_ -> {
            long nanos = handler.getAsLong();
            stolenNanos += nanos;
            return nanos;
        });
    }

    /** The thread is put off by something that no handler did. */
    void putOff(long nanos) {
        stolenNanos += nanos;
    }
}
