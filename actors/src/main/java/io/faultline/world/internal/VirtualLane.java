package io.faultline.world.internal;

import java.util.ArrayDeque;

import io.faultline.world.Lane;
import io.faultline.world.LaneFailure;
import io.faultline.world.LaneOperation;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/** A lane in virtual time: busy until an instant, with a queue of what waits for that instant. */
final class VirtualLane implements Lane, Runnable {
    private final VirtualLoop loop;
    private final String name;
    private final @Nullable ActorRef<?> owner;
    private final OutboxBuffer outbox;
    private final ArrayDeque<LaneOperation> waiting = new ArrayDeque<>(0);
    private final OutboxBuffer.Departure departure;
    private long busyUntilNanos;
    private boolean turnIsDue;

    /**
     * @param owner who is told when an operation that had waited fails; null to stop the loop instead
     */
    VirtualLane(VirtualLoop loop, String name, @Nullable ActorRef<?> owner) {
        this.loop = loop;
        this.name = name;
        this.owner = owner;
        this.outbox = new OutboxBuffer(name);
        this.departure = (receiver, message) -> loop.deliverAt(busyUntilNanos, this, receiver, message);
        this.busyUntilNanos = loop.now();
    }

    String name() {
        return name;
    }

    @Override
    public void run(LaneOperation operation) {
        loop.checkThread(this);
        waiting.add(operation);
        if (outbox.isOpen() || turnIsDue) {
            // Whoever serves now, or the turn that is due, takes it up.
            return;
        }
        if (busyUntilNanos > loop.now()) {
            awaitTurn();
        } else {
            busyUntilNanos = loop.now();
            serveWaiting();
        }
    }

    @Override
    public long take(long nanos) {
        loop.checkThread(this);
        if (outbox.isOpen() || !waiting.isEmpty()) {
            throw new IllegalStateException("lane " + name + " was taken while it has operations of its own");
        }
        busyUntilNanos = Math.addExact(freeAtNanos(), OutboxBuffer.checkCost(name, nanos));
        return busyUntilNanos - loop.now();
    }

    /** The lane is free and operations wait. What they throw has no caller any more. */
    @Override
    public void run() {
        turnIsDue = false;
        try {
            serveWaiting();
        } catch (RuntimeException | AssertionError failure) {
            fail(new LaneFailure(name, loop.now(), failure));
        }
    }

    /** The owner's turn is over, so that it has to be told; it must not be asked for anything more. */
    private void fail(LaneFailure failure) {
        if (owner == null) {
            throw failure.asException();
        }
        waiting.clear();
        tellOwner(owner, failure);
    }

    /** An actor of the machine throws it, whatever its protocol: {@link LaneFailure} says so. */
    @SuppressWarnings("unchecked")
    private static void tellOwner(ActorRef<?> owner, LaneFailure failure) {
        ((ActorRef<Object>) owner).tell(failure);
    }

    /** Runs what can start now, which is more than one operation only when they cost nothing. */
    private void serveWaiting() {
        try {
            while (busyUntilNanos == loop.now()) {
                var next = waiting.poll();
                if (next == null) {
                    return;
                }
                serve(next);
            }
        } finally {
            awaitTurn();
        }
    }

    private void serve(LaneOperation operation) {
        try {
            busyUntilNanos = Math.addExact(loop.now(), outbox.collect(operation));
        } finally {
            outbox.leave(departure);
        }
    }

    private void awaitTurn() {
        if (!turnIsDue && !waiting.isEmpty()) {
            turnIsDue = true;
            // After an operation that failed, the next one starts in a turn of its own at the same instant.
            loop.startLaneAt(busyUntilNanos, this);
        }
    }

    @Override
    public int waiting() {
        return waiting.size();
    }

    @Override
    public long freeAtNanos() {
        return Math.max(busyUntilNanos, loop.now());
    }

    @Override
    public int abandon() {
        int dropped = waiting.size();
        waiting.clear();
        return dropped;
    }

    @Override
    public String toString() {
        return "lane " + name;
    }
}
