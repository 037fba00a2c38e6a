package io.faultline.bench.loop;

import io.faultline.bench.measure.Contender;
import io.faultline.bench.measure.Work;
import io.faultline.schedule.Schedule;
import io.faultline.time.NanoClock;
import io.faultline.time.SplitMix;
import io.faultline.world.WorldContext;
import io.faultline.world.internal.VirtualLoop;
import io.faultline.world.internal.VirtualSystem;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.ExtensibleBehavior;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.TypedActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Ours: the virtual world, whose entities are actors. A message is a timed delivery: one event when it is due and one
 * when its receiver's mailbox runs. The trace hash is kept, as always.
 */
final class ActorLoop implements Contender {
    private static final NanoClock CLOCK = NanoClock.monotonic();
    private static final long SEED = 1;

    private enum Ball {
        BALL
    }

    private final PassingJob job;
    private final Schedule schedule;

    ActorLoop(PassingJob job, Schedule schedule) {
        this.job = job;
        this.schedule = schedule;
    }

    /** An event is a mailbox that ran or a delivery that fell due, as the loop counts them. */
    @Override
    public Work runOnce() {
        var passed = run(job.events() / 2);
        return new Work(passed.events, passed.events, 0, passed.nanos);
    }

    /** What one run came to, and how long it took. */
    record Passed(long count, long hash, long events, long nanos) {}

    Passed run(long wanted) {
        var messages = new PassedMessages(wanted);
        @SuppressWarnings({"unchecked", "rawtypes"})
        ActorRef<Ball>[] entities = new ActorRef[job.entities()];
        try (var system = VirtualSystem.boot("passing", SEED, schedule, world -> guardian(world, entities, messages))) {
            VirtualLoop loop = system.loop();
            loop.advanceTo(0); // everything is spawned, nothing is passed yet
            for (int index = 0; index < entities.length; index++) {
                first(system.context(), entities, index);
            }
            long eventsBefore = loop.events();
            long beganNanos = CLOCK.nanos();
            if (!loop.runUntil(messages::isDone)) {
                throw new IllegalStateException("the messages died out after " + messages.passed());
            }
            long nanos = CLOCK.nanos() - beganNanos;
            return new Passed(messages.passed(), messages.hash(), loop.events() - eventsBefore, nanos);
        }
    }

    private static void first(WorldContext world, ActorRef<Ball>[] entities, int index) {
        // What the entity would draw first, which skips it: so both loops pass the same messages.
        SplitMix random = new SplitMix(index);
        ActorRef<Ball> receiver = entities[random.nextInt(entities.length)];
        world.deliverAfter(1 + random.nextInt(PassingJob.DELAY_NANOS_MAX), receiver, Ball.BALL);
    }

    private static Behavior<Void> guardian(WorldContext world, ActorRef<Ball>[] entities, PassedMessages messages) {
        return Behaviors.setup(context -> {
            for (int index = 0; index < entities.length; index++) {
                entities[index] = context.spawn(new Entity(world, entities, messages, index), "entity-" + index,
                        world.dispatcher());
            }
            return Behaviors.empty();
        });
    }

    /** Gets messages and passes them on. */
    private static final class Entity extends ExtensibleBehavior<Ball> {
        private final WorldContext world;
        private final ActorRef<Ball>[] entities;
        private final PassedMessages messages;
        private final int index;
        private final SplitMix random;

        Entity(WorldContext world, ActorRef<Ball>[] entities, PassedMessages messages, int index) {
            this.world = world;
            this.entities = entities;
            this.messages = messages;
            this.index = index;
            this.random = new SplitMix(index);
            random.nextInt(entities.length);
            random.nextInt(PassingJob.DELAY_NANOS_MAX);
        }

        @Override
        public Behavior<Ball> receive(TypedActorContext<Ball> context, Ball ball) {
            if (messages.received(index, world.clock().nanos())) {
                ActorRef<Ball> receiver = entities[random.nextInt(entities.length)];
                world.deliverAfter(1 + random.nextInt(PassingJob.DELAY_NANOS_MAX), receiver, ball);
            }
            return this;
        }

        @Override
        public Behavior<Ball> receiveSignal(TypedActorContext<Ball> context, Signal signal) {
            return Behaviors.unhandled();
        }
    }
}
