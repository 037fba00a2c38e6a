package io.faultline.bench.loop;

import java.util.PriorityQueue;

import io.faultline.bench.measure.Contender;
import io.faultline.bench.measure.Work;
import io.faultline.time.NanoClock;
import io.faultline.time.SplitMix;

/**
 * The peer: an event loop as one writes it for a simulation. A priority queue of closures, ordered by time and then by
 * the order in which they were scheduled; the loop takes the first out, moves the clock and runs it. No actors, no
 * mailboxes, no trace: a message is a closure that calls its receiver.
 */
final class PlainLoop implements Contender {
    private static final NanoClock CLOCK = NanoClock.monotonic();

    private record Event(long atNanos, long sequence, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(atNanos, other.atNanos);
            return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
        }
    }

    /** Gets messages and passes them on. */
    private final class Entity {
        private final int index;
        private final SplitMix random;

        Entity(int index) {
            this.index = index;
            this.random = new SplitMix(index);
        }

        void receive() {
            if (messages.received(index, nowNanos)) {
                pass();
            }
        }

        void pass() {
            Entity receiver = entities[random.nextInt(entities.length)];
            schedule(1 + random.nextInt(PassingJob.DELAY_NANOS_MAX), receiver::receive);
        }
    }

    private final PassingJob job;
    private PriorityQueue<Event> events = new PriorityQueue<>();
    private Entity[] entities = {};
    private PassedMessages messages = new PassedMessages(0);
    private long nowNanos;
    private long nextSequence;

    PlainLoop(PassingJob job) {
        this.job = job;
    }

    /** An event is a closure that ran: a message received. */
    @Override
    public Work runOnce() {
        var passed = run(job.events());
        return new Work(passed.count, passed.count, 0, passed.nanos);
    }

    /** What one run came to, and how long it took. */
    record Passed(long count, long hash, long nanos) {}

    Passed run(long wanted) {
        messages = new PassedMessages(wanted);
        events = new PriorityQueue<>();
        nowNanos = 0;
        nextSequence = 0;
        entities = new Entity[job.entities()];
        for (int index = 0; index < entities.length; index++) {
            entities[index] = new Entity(index);
        }
        long beganNanos = CLOCK.nanos();
        for (Entity entity : entities) {
            entity.pass();
        }
        while (!messages.isDone()) {
            step();
        }
        return new Passed(messages.passed(), messages.hash(), CLOCK.nanos() - beganNanos);
    }

    private void step() {
        Event event = events.remove();
        nowNanos = event.atNanos;
        event.action.run();
    }

    private void schedule(long delayNanos, Runnable action) {
        events.add(new Event(nowNanos + delayNanos, nextSequence++, action));
    }
}
