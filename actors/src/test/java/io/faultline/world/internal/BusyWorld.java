package io.faultline.world.internal;

import java.time.Duration;
import java.util.List;

import io.faultline.schedule.Schedule;
import io.faultline.world.WorldContext;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;

/**
 * Hundreds of actors that ping-pong through lanes and timed deliveries, with Pekko's timers and a stream between them:
 * everything that must come out the same for one seed. Also a program, to be run in a JVM of its own.
 */
final class BusyWorld {
    static final List<Schedule> SCHEDULES = List.of(Schedule.random(), Schedule.fifo(), Schedule.pct(4, 20_000));

    private static final int PLAYERS = 300;
    private static final int ROUNDS = 30;
    private static final int TRACE_BALL = 1;
    private static final int TRACE_TICK = 2;
    private static final int TRACE_STREAM = 3;

    /** What one run came to. */
    record Outcome(long traceHash, long events, long nanos) {}

    private sealed interface Play {
        record Ball(ActorRef<Play> from, int left) implements Play {}

        enum Tick implements Play {
            TICK
        }
    }

    private BusyWorld() {}

    static Outcome run(long seed, Schedule schedule) {
        try (var system = VirtualSystem.boot("busy", seed, schedule, BusyWorld::guardian)) {
            var loop = system.loop();
            loop.runUntilIdle();
            return new Outcome(loop.traceHash(), loop.events(), loop.now());
        }
    }

    private static Behavior<Void> guardian(WorldContext world) {
        return Behaviors.setup(context -> {
            var queue = Source.<Integer>queue(PLAYERS * ROUNDS)
                    .via(new AsyncRelay<Integer>())
                    .toMat(Sink.foreach(number -> world.trace(TRACE_STREAM, number, world.clock().nanos())),
                            Keep.left())
                    .run(context.getSystem());
            for (int i = 0; i < PLAYERS; i++) {
                int left = 2 * i;
                var one = context.spawn(player(world, left, queue::offer), "player-" + left, world.dispatcher());
                var other = context.spawn(player(world, left + 1, queue::offer), "player-" + (left + 1));
                one.tell(new Play.Ball(other, ROUNDS));
            }
            return Behaviors.empty();
        });
    }

    private static Behavior<Play> player(WorldContext world, int number, java.util.function.Consumer<Integer> stream) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            var lane = world.lane("player-" + number);
            var random = world.random(number);
            return Behaviors.receive(Play.class)
                    .onMessage(Play.Ball.class, ball -> {
                        world.trace(TRACE_BALL, number, ball.left);
                        timers.startSingleTimer(Play.Tick.TICK, Duration.ofNanos(random.nextInt(100)));
                        var back = new Play.Ball(context.getSelf(), ball.left - 1);
                        if (ball.left > 0 && random.nextInt(2) == 0) {
                            lane.run(out -> {
                                out.tell(ball.from, back);
                                return random.nextInt(50);
                            });
                        } else if (ball.left > 0) {
                            world.deliverAfter(random.nextInt(50), ball.from, back);
                        }
                        return Behaviors.same();
                    })
                    .onMessage(Play.Tick.class, _ -> {
                        world.trace(TRACE_TICK, number, world.clock().nanos());
                        stream.accept(number);
                        return Behaviors.same();
                    })
                    .build();
        }));
    }

    /** Prints the outcomes of a seed. */
    public static void main(String[] arguments) {
        for (Schedule schedule : SCHEDULES) {
            System.out.println(run(Long.parseLong(arguments[0]), schedule));
        }
    }
}
