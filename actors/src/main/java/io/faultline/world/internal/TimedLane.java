package io.faultline.world.internal;

import java.util.ArrayDeque;

import io.faultline.time.NanoClock;
import io.faultline.world.Lane;
import io.faultline.world.LaneOperation;

/**
 * A lane on threads that takes time. It runs an operation at once, in its owner's turn, because starting it later would
 * race with the owner; its messages leave when they would have left had it waited.
 */
final class TimedLane implements Lane {
    private final NanoClock clock;
    private final String name;
    private final OutboxBuffer outbox;
    private final OutboxBuffer.Departure departure;
    /** Operations that others ran on this very lane: they come after. */
    private final ArrayDeque<LaneOperation> nested = new ArrayDeque<>(0);

    private long busyUntilNanos;

    TimedLane(NanoClock clock, DeliveryTimer timer, String name) {
        this.clock = clock;
        this.name = name;
        this.outbox = new OutboxBuffer(name);
        this.departure = (receiver, message) -> timer.deliverAt(busyUntilNanos, this, receiver, message);
        this.busyUntilNanos = clock.nanos();
    }

    String name() {
        return name;
    }

    @Override
    public void run(LaneOperation operation) {
        nested.add(operation);
        if (outbox.isOpen()) {
            return;
        }
        for (var next = nested.poll(); next != null; next = nested.poll()) {
            serve(next);
        }
    }

    private void serve(LaneOperation operation) {
        busyUntilNanos = Math.max(busyUntilNanos, clock.nanos());
        try {
            busyUntilNanos = Math.addExact(busyUntilNanos, outbox.collect(operation));
        } finally {
            outbox.leave(departure);
        }
    }

    @Override
    public long take(long nanos) {
        if (outbox.isOpen()) {
            throw new IllegalStateException("lane " + name + " was taken from within its own operation");
        }
        long now = clock.nanos();
        busyUntilNanos = Math.addExact(Math.max(busyUntilNanos, now), OutboxBuffer.checkCost(name, nanos));
        return busyUntilNanos - now;
    }

    @Override
    public int waiting() {
        return 0;
    }

    @Override
    public long freeAtNanos() {
        return Math.max(busyUntilNanos, clock.nanos());
    }

    @Override
    public int abandon() {
        int dropped = nested.size();
        nested.clear();
        return dropped;
    }

    @Override
    public String toString() {
        return "lane " + name;
    }
}
