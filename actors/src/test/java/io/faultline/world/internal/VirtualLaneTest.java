package io.faultline.world.internal;

import static io.faultline.world.internal.Recorded.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicReference;

import io.faultline.time.SplitMix;
import io.faultline.world.LaneOperation;
import io.faultline.world.Outbox;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VirtualLaneTest {
    private final Recorded world = new Recorded();
    private final ActorRef<String> receiver = world.system.system();
    private final VirtualLane lane = (VirtualLane) world.context.lane("lane-1");

    @AfterEach
    void close() {
        world.close();
    }

    /** Notes its start, tells one message, costs what it is given. */
    private LaneOperation costing(long nanos, String name) {
        return out -> {
            world.note("start " + name);
            out.tell(receiver, name);
            return nanos;
        };
    }

    @Test
    void shouldDeliverAtStartPlusCost() {
        world.loop.advanceTo(1_000);

        lane.run(costing(7, "a"));
        assertThat(lane.freeAtNanos()).isEqualTo(1_007);
        world.loop.runUntilIdle();

        assertThat(world.arrivals).containsExactly(at(1_000, "start a"), at(1_007, "a"));
    }

    @Test
    void shouldDeliverInTheSameTurnWhenItCostsNothing() {
        lane.run(costing(0, "a"));

        assertThat(world.arrivals).containsExactly(at(0, "start a"));
        assertThat(world.loop.nextEventNanos()).isZero();
        world.loop.runUntilIdle();
        assertThat(world.arrivals).containsExactly(at(0, "start a"), at(0, "a"));
    }

    @Test
    void shouldServeOneAfterTheOtherInTheOrderTheyCame() {
        lane.run(costing(100, "a"));
        lane.run(costing(30, "b"));
        lane.run(costing(0, "c"));
        lane.run(costing(5, "d"));
        assertThat(lane.waiting()).isEqualTo(3);

        world.loop.runUntilIdle();

        assertThat(lane.waiting()).isZero();
        assertThat(world.arrivals)
                .containsExactlyInAnyOrder(
                        at(0, "start a"),
                        at(100, "a"),
                        at(100, "start b"),
                        at(130, "b"),
                        at(130, "start c"),
                        at(130, "c"),
                        at(130, "start d"),
                        at(135, "d"))
                .isSortedAccordingTo((one, other) -> Long.compare(one.nanos(), other.nanos()));
    }

    @Test
    void shouldRestWhenNothingWaits() {
        lane.run(costing(10, "a"));
        world.loop.runUntilIdle();
        world.loop.advanceTo(500);

        lane.run(costing(10, "b"));
        world.loop.runUntilIdle();

        assertThat(world.arrivals).endsWith(at(500, "start b"), at(510, "b"));
    }

    @Test
    void shouldLetAnOperationOfTheSameLaneWaitForTheOneThatRunsIt() {
        lane.run(out -> {
            lane.run(costing(5, "inner"));
            out.tell(receiver, "outer");
            return 20;
        });
        world.loop.runUntilIdle();

        assertThat(world.arrivals).containsExactly(at(20, "start inner"), at(20, "outer"), at(25, "inner"));
    }

    @Test
    void shouldStartAnOperationOfAnotherLaneAtOnce() {
        var other = world.context.lane("lane-2");

        lane.run(out -> {
            other.run(costing(5, "other"));
            out.tell(receiver, "own");
            return 20;
        });
        world.loop.runUntilIdle();

        assertThat(world.arrivals).containsExactly(at(0, "start other"), at(5, "other"), at(20, "own"));
    }

    @Test
    void shouldFreeTheLaneAndSendWhatWasToldWhenAnOperationThrows() {
        assertThatThrownBy(() -> lane.run(out -> {
            out.tell(receiver, "told before");
            lane.run(costing(5, "next"));
            throw new IllegalStateException("broken");
        }))
                .hasMessage("broken");
        world.loop.runUntilIdle();

        assertThat(world.arrivals).containsExactly(at(0, "told before"), at(0, "start next"), at(5, "next"));
    }

    @Test
    void shouldStopTheLoopWhenAnOperationThatHadWaitedThrows() {
        lane.run(costing(10, "a"));
        lane.run(_ -> {
            throw new IllegalArgumentException("broken");
        });

        assertThatThrownBy(world.loop::runUntilIdle)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("lane-1")
                .hasMessageContaining("10 ns")
                .hasRootCauseMessage("broken");
    }

    @Test
    void shouldTellItsOwnerWhenAnOperationThatHadWaitedThrowsAndServeNothingMore() {
        var owner = world.system.system()
                .systemActorOf(
                        Behaviors.receiveMessage(message -> {
                            world.note(message.getClass().getSimpleName());
                            return Behaviors.same();
                        }),
                        "owner",
                        Props.empty());
        var owned = world.context.lane("lane-2", owner);
        owned.run(costing(10, "a"));
        owned.run(_ -> {
            throw new AssertionError("broken");
        });
        owned.run(costing(10, "c"));

        world.loop.runUntilIdle();

        assertThat(world.arrivals).containsExactlyInAnyOrder(at(0, "start a"), at(10, "a"), at(10, "LaneFailure"));
        assertThat(owned.waiting()).isZero();
    }

    @Test
    void shouldSayHowLongItTakesUntilWhatIsTakenIsGivenBack() {
        world.loop.advanceTo(100);

        assertThat(lane.take(30)).isEqualTo(30);
        assertThat(lane.take(5)).isEqualTo(35);
        world.loop.advanceTo(120);
        assertThat(lane.take(0)).isEqualTo(15);
        world.loop.advanceTo(1_000);
        assertThat(lane.take(7)).isEqualTo(7);
        assertThat(lane.freeAtNanos()).isEqualTo(1_007);
    }

    @Test
    void shouldRefuseToBeTakenWhileItHasOperationsOfItsOwn() {
        lane.run(costing(10, "a"));
        lane.run(costing(10, "b"));

        assertThatThrownBy(() -> lane.take(1)).isInstanceOf(IllegalStateException.class).hasMessageContaining("lane-1");
    }

    @Test
    void shouldDropWhatHasNotStartedWhenAbandoned() {
        lane.run(costing(10, "a"));
        lane.run(costing(10, "b"));
        lane.run(costing(10, "c"));

        assertThat(lane.abandon()).isEqualTo(2);
        world.loop.runUntilIdle();

        assertThat(world.arrivals).containsExactly(at(0, "start a"), at(10, "a"));
    }

    @Test
    void shouldRefuseANegativeCost() {
        assertThatThrownBy(() -> lane.run(costing(-1, "a")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("lane-1")
                .hasMessageContaining("-1");
    }

    @Test
    void shouldRefuseAMessageToldAfterTheOperation() {
        var kept = new AtomicReference<Outbox>();
        lane.run(out -> {
            kept.set(out);
            return 1;
        });

        assertThatThrownBy(() -> kept.get().tell(receiver, "late"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("late");
    }

    /** Lindley's recursion: an operation starts at the later of its arrival and the end of the one before. */
    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13})
    void shouldAgreeWithLindleysRecursionToTheNanosecond(long seed) {
        var random = new SplitMix(seed);
        long arrival = 0;
        long end = 0;
        for (int i = 0; i < 2_000; i++) {
            arrival += random.nextInt(100);
            long cost = random.nextInt(90);
            end = Math.max(arrival, end) + cost;
            long expected = end;
            world.loop.advanceTo(arrival);
            lane.run(out -> {
                assertThat(world.loop.now() + cost).as("seed %d", seed).isEqualTo(expected);
                out.tell(receiver, Long.toString(expected));
                return cost;
            });
        }
        world.loop.runUntilIdle();

        assertThat(world.arrivals).hasSize(2_000)
                .allSatisfy(arrived -> assertThat(arrived.message())
                        .as("seed %d", seed)
                        .isEqualTo(Long.toString(arrived.nanos())));
    }
}
