package io.faultline.world.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

import io.faultline.schedule.Schedule;
import io.faultline.world.WorldContext;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.Test;

/** What would leave the loop: either it stays on it after all, to the nanosecond, or it fails and says what it was. */
class EscapeTest {
    @Test
    void shouldSayWhichThreadToldWhomWhat() {
        assertEscape((self, _) -> stranger(() -> self.self().tell("a word")), "a word for actor pekko://escape/user");
    }

    @Test
    void shouldRefuseAMessageBeforeItIsInAMailbox() {
        var heard = new ArrayList<String>();
        Behavior<String> hearing = Behaviors.receiveMessage(message -> {
            heard.add(message);
            return Behaviors.same();
        });
        var system = VirtualSystem.<String>boot("refusing", 1, Schedule.fifo(), _ -> hearing);
        system.loop().runUntilIdle();
        stranger(() -> system.system().tell("from outside"));
        assertThatThrownBy(system.loop()::runUntilIdle).isInstanceOf(ForeignThreadError.class);
        system.close();
        assertThat(heard).isEmpty();
    }

    @Test
    void shouldFailWhenAFutureIsPipedThatAnotherThreadCompletes() {
        assertEscape((self, _) -> {
            var answer = new CompletableFuture<String>();
            self.context().pipeToSelf(answer, (value, _) -> value);
            stranger(() -> answer.complete("an answer"));
        }, "an answer", "for actor pekko://escape/user");
    }

    @Test
    void shouldFailWhenAnotherThreadSpawnsStopsOrSchedules() {
        assertEscape((self, _) -> stranger(() -> self.context()
                .getSystem()
                .systemActorOf(Behaviors.empty(), "spawned", org.apache.pekko.actor.typed.Props.empty())), "for actor");
        assertEscape((self, _) -> stranger(() -> self.context()
                .getSystem()
                .scheduler()
                .scheduleOnce(Duration.ofMillis(1), () -> {}, self.context().getExecutionContext())), "timer task");
    }

    @Test
    void shouldFailWhenAStreamsElementComesFromAnotherThread() {
        assertEscape((self, _) -> {
            var late = new CompletableFuture<Integer>();
            Source.single(1)
                    .mapAsync(1, _ -> late)
                    .runWith(Sink.ignore(), self.context().getSystem());
            self.context()
                    .getSystem()
                    .scheduler()
                    .scheduleOnce(Duration.ofNanos(10), () -> stranger(() -> late.complete(2)),
                            self.context().getExecutionContext());
        }, "for actor");
    }

    /** What Java's ask returns calls back on the common pool, whoever completes it. */
    @Test
    void shouldFailWhenTheCallbackOfAnAskReachesTheWorld() {
        var called = new CountDownLatch(1);
        try (var system = VirtualSystem.<Void>boot("asking", 1, Schedule.random(), world -> Behaviors.setup(context -> {
            ActorRef<ActorRef<String>> silent = context.spawn(Behaviors.ignore(), "silent");
            AskPattern.<ActorRef<String>, String>ask(silent, replyTo -> replyTo, Duration.ofMillis(3),
                    context.getSystem().scheduler()).whenComplete((_, _) -> {
                        try {
                            world.clock().nanos();
                        } finally {
                            called.countDown();
                        }
                    });
            return Behaviors.empty();
        }))) {
            system.loop().advanceTo(2_999_999);
            assertThat(system.loop().nextEventNanos()).as("when the ask gives up").isEqualTo(3_000_000);
            assertThatThrownBy(() -> {
                system.loop().runUntilIdle();
                assertThat(called.await(20, TimeUnit.SECONDS)).isTrue();
                system.loop().runUntilIdle();
            }).isInstanceOf(ForeignThreadError.class).hasMessageContainingAll("ForkJoinPool", "its clock");
        }
    }

    @Test
    void shouldFireTheSystemsSchedulerInVirtualTime() {
        var ticks = new ArrayList<Long>();
        try (var system =
                VirtualSystem.<Void>boot("ticking", 1, Schedule.random(), world -> Behaviors.setup(context -> {
                    context.getSystem()
                            .scheduler()
                            .scheduleAtFixedRate(Duration.ofNanos(7), Duration.ofNanos(1_000),
                                    () -> ticks.add(world.clock().nanos()), context.getExecutionContext());
                    return Behaviors.empty();
                }))) {
            system.loop().advanceTo(3_500);
        }
        assertThat(ticks).containsExactly(7L, 1_007L, 2_007L, 3_007L);
    }

    /** The actor that lets something escape. */
    private record Self(ActorContext<String> context, ActorRef<String> self) {}

    /** Has an actor do something, which must stop the loop with an error that names the stranger and all of the rest. */
    private static void assertEscape(BiConsumer<Self, WorldContext> escaping, String... fragments) {
        try (var system = VirtualSystem.<String>boot("escape", 1, Schedule.fifo(),
                world -> Behaviors.setup(context -> {
                    escaping.accept(new Self(context, context.getSelf()), world);
                    return Behaviors.ignore();
                }))) {
            assertThatThrownBy(system.loop()::runUntilIdle)
                    .isInstanceOf(ForeignThreadError.class)
                    .hasMessageContainingAll("\"stranger\"", "in virtual time everything must run on the loop")
                    .hasMessageContainingAll(fragments);
        }
    }

    /** Runs something on a thread of its own, to its end. */
    private static void stranger(Runnable action) {
        var thread = Thread.ofPlatform()
                .name("stranger")
                .uncaughtExceptionHandler((_, thrown) -> assertThat(thrown).isInstanceOf(ForeignThreadError.class))
                .start(action);
        try {
            thread.join();
        } catch (InterruptedException interrupt) {
            throw new AssertionError(interrupt);
        }
    }
}
