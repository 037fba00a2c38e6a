package io.faultline.world.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import io.faultline.time.NanoClock;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ThreadsLanesTest {
    private record Arrival(String message, long nanos) {}

    private final NanoClock clock = NanoClock.monotonic();
    private final BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();
    private final ThreadsSystem<String> system = ThreadsSystem.boot("lanes", 1, _ -> Behaviors.receiveMessage(text -> {
        arrivals.add(new Arrival(text, clock.nanos()));
        return Behaviors.same();
    }));

    @AfterEach
    void close() {
        system.close();
    }

    private Arrival next() throws InterruptedException {
        var arrival = arrivals.poll(20, TimeUnit.SECONDS);
        assertThat(arrival).isNotNull();
        return arrival;
    }

    @Test
    void shouldRunAndTellAtOnceWhateverItCosts() throws InterruptedException {
        var lane = system.context().lane("handler-1");
        long hour = TimeUnit.HOURS.toNanos(1);
        lane.run(out -> {
            out.tell(system.system(), "a");
            return hour;
        });
        lane.run(out -> {
            out.tell(system.system(), "b");
            return hour;
        });

        assertThat(next().message).isEqualTo("a");
        assertThat(next().message).isEqualTo("b");
        assertThat(lane.waiting()).isZero();
        assertThat(lane.freeAtNanos()).isLessThan(clock.nanos() + hour);
    }

    @Test
    void shouldRefuseANegativeCost() {
        assertThatThrownBy(() -> system.context().lane("handler-1").run(_ -> -5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("handler-1")
                .hasMessageContaining("-5");
    }

    @Test
    void shouldHoldMessagesOfATimedLaneUntilTheirTimeInOrder() throws InterruptedException {
        var lane = system.context().timedLane("slot-1");
        long start = clock.nanos();
        for (int i = 1; i <= 5; i++) {
            var text = Integer.toString(i);
            lane.run(out -> {
                out.tell(system.system(), text);
                return 2_000_000;
            });
        }

        for (int i = 1; i <= 5; i++) {
            var arrival = next();
            assertThat(arrival.message).isEqualTo(Integer.toString(i));
            assertThat(arrival.nanos - start).isGreaterThanOrEqualTo(i * 2_000_000L);
        }
    }

    /** The same arithmetic as in virtual time, on a clock that stands still or jumps. */
    @Test
    void shouldAddUpCostsFromTheLaterOfNowAndTheEndBefore() {
        var nanos = new AtomicLong(1_000);
        try (var timer = new DeliveryTimer(nanos::get, "faultline-timer-frozen")) {
            var lane = new TimedLane(nanos::get, timer, "slot-1");
            lane.run(_ -> 100);
            lane.run(_ -> 50);
            assertThat(lane.freeAtNanos()).isEqualTo(1_150);
            nanos.set(5_000);
            lane.run(_ -> 7);
            assertThat(lane.freeAtNanos()).isEqualTo(5_007);
        }
    }

    @Test
    void shouldLetAnOperationOfTheSameTimedLaneComeAfterTheOneThatRunsIt() {
        var nanos = new AtomicLong(1_000);
        List<String> order = new ArrayList<>();
        try (var timer = new DeliveryTimer(nanos::get, "faultline-timer-frozen")) {
            var lane = new TimedLane(nanos::get, timer, "slot-1");
            lane.run(_ -> {
                lane.run(_ -> {
                    order.add("inner");
                    return 5;
                });
                order.add("outer");
                return 20;
            });
            assertThat(lane.freeAtNanos()).isEqualTo(1_025);
        }
        assertThat(order).containsExactly("outer", "inner");
    }
}
