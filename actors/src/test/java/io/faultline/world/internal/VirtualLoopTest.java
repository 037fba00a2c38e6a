package io.faultline.world.internal;

import static io.faultline.world.internal.Recorded.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

import io.faultline.schedule.Schedule;
import io.faultline.time.SplitMix;
import io.faultline.world.TimerAccuracy;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import scala.concurrent.Await;
import scala.concurrent.Promise;

class VirtualLoopTest {
    private final Recorded world = new Recorded();
    private final VirtualLoop loop = world.loop;
    private final ActorRef<String> receiver = world.system.system();

    @AfterEach
    void close() {
        world.close();
    }

    /** What a thread of its own throws when it does something. */
    private static Throwable thrownByAnotherThread(Runnable action) throws InterruptedException {
        var thrown = new AtomicReference<Throwable>();
        var thread = Thread.ofPlatform().name("stranger").start(() -> {
            try {
                action.run();
            } catch (Throwable t) {
                thrown.set(t);
            }
        });
        thread.join();
        return thrown.get();
    }

    @Test
    void shouldStartIdleAtTimeZero() {
        assertThat(loop.now()).isZero();
        assertThat(loop.isIdle()).isTrue();
        assertThat(loop.nextEventNanos()).isEqualTo(Long.MAX_VALUE);
        assertThat(world.context.sliceEndNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void shouldFireInTheOrderOfTimeAndThenOfAsking() {
        world.context.deliverAfter(20, receiver, "c");
        world.context.deliverAfter(10, receiver, "a");
        world.context.deliverAfter(10, receiver, "b");
        world.context.deliverAfter(0, receiver, "now");

        loop.runUntilIdle();

        assertThat(world.arrivals).containsExactly(at(0, "now"), at(10, "a"), at(10, "b"), at(20, "c"));
        assertThat(world.context.timerAccuracy()).isEqualTo(TimerAccuracy.exact(3));
    }

    @Test
    void shouldFirePekkosTimersToTheNanosecond() {
        var scheduler = world.system.system().scheduler();
        var executor = world.system.system().executionContext();
        scheduler.scheduleOnce(Duration.ofNanos(123_457), () -> world.note("once"), executor);
        scheduler.scheduleOnce(Duration.ZERO, () -> world.note("at once"), executor);
        scheduler.scheduleOnce(Duration.ofNanos(200), () -> world.note("never"), executor).cancel();
        var ticks = scheduler.scheduleAtFixedRate(
                Duration.ofNanos(50_000), Duration.ofNanos(40_000), () -> world.note("tick"), executor);

        loop.advanceTo(140_000);
        ticks.cancel();
        loop.runUntilIdle();

        assertThat(world.arrivals)
                .containsExactly(
                        at(0, "at once"),
                        at(50_000, "tick"),
                        at(90_000, "tick"),
                        at(123_457, "once"),
                        at(130_000, "tick"));
        assertThat(loop.now()).isEqualTo(140_000);
    }

    @Test
    void shouldAdvanceToAnInstantAndNoFurther() {
        world.context.deliverAfter(10, receiver, "a");
        world.context.deliverAfter(11, receiver, "b");
        assertThat(loop.nextEventNanos()).isEqualTo(10);

        loop.advanceTo(10);

        assertThat(world.arrivals).containsExactly(at(10, "a"));
        assertThat(loop.nextEventNanos()).isEqualTo(11);
        assertThatThrownBy(() -> loop.advanceTo(9))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("9 ns");
    }

    @Test
    void shouldSayThatTheSliceEndsNowWhenSomethingIsReady() {
        loop.advanceTo(5);
        receiver.tell("a");

        assertThat(world.context.sliceEndNanos()).isEqualTo(5);
        assertThat(loop.nextEventNanos()).isEqualTo(5);
    }

    @Test
    void shouldRunUntilAConditionHoldsOrNothingIsLeft() {
        world.context.deliverAfter(10, receiver, "a");
        world.context.deliverAfter(20, receiver, "b");

        assertThat(loop.runUntil(() -> world.arrivals.size() == 1)).isTrue();
        assertThat(loop.now()).isEqualTo(10);
        assertThat(loop.runUntil(() -> false)).isFalse();
        assertThat(loop.now()).isEqualTo(20);
    }

    @Test
    void shouldCountMailboxRunsAndTimedEvents() {
        long before = loop.events();
        receiver.tell("a");
        world.context.deliverAfter(10, receiver, "b");

        loop.runUntilIdle();

        assertThat(loop.events() - before).isEqualTo(3);
    }

    @Test
    void shouldFoldWhatIsTracedIntoTheHash() {
        long before = loop.traceHash();
        world.context.trace(1, 2, 3);
        long after = loop.traceHash();

        try (var twin = new Recorded()) {
            assertThat(twin.loop.traceHash()).isEqualTo(before);
            twin.context.trace(1, 3, 2);
            assertThat(twin.loop.traceHash()).isNotEqualTo(before).isNotEqualTo(after);
        }
    }

    @Test
    void shouldRunReadyThingsInOrderUnderFifoAndInASeededOrderUnderRandom() {
        var inOrder = List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);

        assertThat(orderUnder(Schedule.fifo(), 1)).isEqualTo(inOrder).isEqualTo(orderUnder(Schedule.fifo(), 2));
        assertThat(orderUnder(Schedule.random(), 1))
                .containsExactlyInAnyOrderElementsOf(inOrder)
                .isNotEqualTo(inOrder)
                .isEqualTo(orderUnder(Schedule.random(), 1))
                .isNotEqualTo(orderUnder(Schedule.random(), 2));
    }

    private static List<Integer> orderUnder(Schedule schedule, long seed) {
        var own = new VirtualLoop();
        own.begin(schedule, new SplitMix(seed));
        var order = new ArrayList<Integer>();
        for (int i = 0; i < 10; i++) {
            int number = i;
            own.execute(() -> order.add(number));
        }
        own.runUntilIdle();
        return order;
    }

    @Test
    void shouldKeepTheOrderOfAQueueThatGrowsWhileItIsRun() {
        var own = new VirtualLoop();
        var order = new ArrayList<Integer>();
        for (int i = 0; i < 1_000; i++) {
            int number = i;
            own.execute(() -> {
                order.add(number);
                own.execute(() -> order.add(1_000 + number));
                own.execute(() -> order.add(-1));
            });
        }
        own.runUntilIdle();

        order.removeIf(number -> number < 0);
        assertThat(order).hasSize(2_000).isSorted();
    }

    @Test
    void shouldFailThereAndHereWhenAForeignThreadTellsAnActor() throws InterruptedException {
        var thrown = thrownByAnotherThread(() -> receiver.tell("from outside"));

        assertThat(thrown)
                .isInstanceOf(ForeignThreadError.class)
                .hasMessageContaining("stranger")
                .hasMessageContaining("pekko://recorded/user");
        assertThatThrownBy(loop::runUntilIdle)
                .isInstanceOf(ForeignThreadError.class)
                .hasMessageContaining("stranger")
                .cause()
                .isSameAs(thrown);
    }

    @Test
    void shouldFailWhenAForeignThreadSchedulesTracesOrRuns() throws InterruptedException {
        assertThat(thrownByAnotherThread(() -> world.context.deliverAfter(5, receiver, "x")))
                .isInstanceOf(ForeignThreadError.class)
                .hasMessageContaining("x from");
        assertThat(thrownByAnotherThread(() -> world.context.trace(1, 2, 3))).isInstanceOf(ForeignThreadError.class);
        assertThat(thrownByAnotherThread(loop::runUntilIdle)).isInstanceOf(ForeignThreadError.class);
        assertThat(thrownByAnotherThread(() -> world.context.lane("l").run(_ -> 0)))
                .isInstanceOf(ForeignThreadError.class);
        assertThatThrownBy(loop::runUntilIdle).isInstanceOf(ForeignThreadError.class);
    }

    @Test
    void shouldRefuseAnAwaitOnItsOwnThread() {
        var never = Promise.<String>apply().future();
        loop.execute(() -> {
            try {
                Await.result(never, scala.concurrent.duration.Duration.Inf());
            } catch (Exception timeout) {
                throw new AssertionError(timeout);
            }
        });

        assertThatThrownBy(loop::runUntilIdle).rootCause().hasMessageContaining("would wait for itself");
    }

    @Test
    void shouldRefuseANegativeDelayAndADeliveryIntoAClosedWorld() {
        assertThatThrownBy(() -> world.context.deliverAfter(-1, receiver, "a"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-1 ns");
        world.context.close();
        assertThatThrownBy(() -> world.context.deliverAfter(1, receiver, "a"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }
}
