package io.faultline.world.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import io.faultline.schedule.Schedule;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.Test;

class VirtualSystemTest {
    @Test
    void shouldNotRunTheGuardianBeforeTheFirstStep() {
        var ran = new ArrayList<String>();
        Behavior<String> guardian = Behaviors.setup(_ -> {
            ran.add("guardian");
            return Behaviors.empty();
        });

        try (var system = VirtualSystem.boot("late", 1, Schedule.random(), _ -> guardian)) {
            assertThat(ran).isEmpty();
            assertThat(system.loop().events()).isZero();
            system.loop().runUntilIdle();
            assertThat(ran).containsExactly("guardian");
        }
    }

    @Test
    void shouldStopEveryActorOnCloseAndLeaveNoThread() {
        var before = Thread.getAllStackTraces().keySet();
        var stopped = new ArrayList<Integer>();
        var system = VirtualSystem.<Void>boot("closing", 1, Schedule.random(), _ -> Behaviors.setup(context -> {
            IntStream.range(0, 50)
                    .forEach(i -> context.spawn(
                            Behaviors.receive(Object.class).onSignal(PostStop.class, _ -> {
                                stopped.add(i);
                                return Behaviors.same();
                            }).build(),
                            "child-" + i));
            return Behaviors.empty();
        }));
        system.loop().runUntilIdle();

        system.close();
        system.close();

        assertThat(stopped).hasSize(50);
        assertThat(system.system().getWhenTerminated().toCompletableFuture()).isDone();
        assertThat(Thread.getAllStackTraces().keySet())
                .filteredOn(thread -> !before.contains(thread))
                .extracting(Thread::getName)
                .noneMatch(name -> name.contains("closing") || name.contains("pekko"));
    }

    @Test
    void shouldStopTheSameWayEveryTime() {
        assertThat(orderOfStopping(3)).isEqualTo(orderOfStopping(3)).isNotEqualTo(orderOfStopping(4));
    }

    private static List<Integer> orderOfStopping(long seed) {
        var stopped = new ArrayList<Integer>();
        try (var system = VirtualSystem.<Void>boot("order", seed, Schedule.random(), _ -> Behaviors.setup(context -> {
            IntStream.range(0, 20)
                    .forEach(i -> context.spawnAnonymous(
                            Behaviors.receive(Object.class).onSignal(PostStop.class, _ -> {
                                stopped.add(i);
                                return Behaviors.same();
                            }).build()));
            return Behaviors.empty();
        }))) {
            system.loop().runUntilIdle();
        }
        return stopped;
    }

    @Test
    void shouldStillCloseAfterAForeignThreadToldAnActor() throws InterruptedException {
        var system = VirtualSystem.<String>boot("escaped", 1, Schedule.fifo(), _ -> Behaviors.ignore());
        system.loop().runUntilIdle();
        var stranger = Thread.ofPlatform()
                .start(() -> assertThatThrownBy(() -> system.system().tell("from outside"))
                        .isInstanceOf(ForeignThreadError.class));
        stranger.join();

        system.close();

        assertThat(system.system().getWhenTerminated().toCompletableFuture()).isDone();
    }

    @Test
    void shouldRunBlockingDispatchersOnTheLoopToo() {
        var threads = new ArrayList<Thread>();
        Behavior<Void> noting = Behaviors.setup(_ -> {
            threads.add(Thread.currentThread());
            return Behaviors.stopped();
        });
        try (var system = VirtualSystem.<Void>boot("blocking", 1, Schedule.fifo(), world -> Behaviors.setup(context -> {
            context.spawn(noting, "blocking", DispatcherSelector.blocking());
            context.spawn(noting, "own", world.dispatcher());
            context.spawn(noting, "default", DispatcherSelector.defaultDispatcher());
            CompletableFuture.runAsync(() -> threads.add(Thread.currentThread()), world.blockingReads()).join();
            return Behaviors.empty();
        }))) {
            system.loop().runUntilIdle();
        }

        assertThat(threads).hasSize(4).containsOnly(Thread.currentThread());
    }

    /** A stream with a stage of one's own that calls back, between a queue and a sink. */
    @Test
    void shouldRunAStreamOnTheLoop() {
        var seen = new ArrayList<Integer>();
        try (var system = VirtualSystem.<Integer>boot("stream", 9, Schedule.random(), _ -> Behaviors.setup(context -> {
            var queue = Source.<Integer>queue(100)
                    .via(new AsyncRelay<Integer>())
                    .groupedWithin(10, Duration.ofMillis(1))
                    .mapConcat(group -> group)
                    .toMat(Sink.foreach(seen::add), Keep.left())
                    .run(context.getSystem());
            return Behaviors.receiveMessage(number -> {
                assertThat(queue.offer(number).isEnqueued()).isTrue();
                return Behaviors.same();
            });
        }))) {
            IntStream.range(0, 25).forEach(system.system()::tell);
            system.loop().advanceTo(5_000_000);
        }

        assertThat(seen).containsExactlyElementsOf(IntStream.range(0, 25).boxed().toList());
    }
}
