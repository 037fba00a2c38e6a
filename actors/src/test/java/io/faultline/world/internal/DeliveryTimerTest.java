package io.faultline.world.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.faultline.time.NanoClock;
import io.faultline.time.SplitMix;
import io.faultline.world.TimerAccuracy;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeliveryTimerTest {
    private record Arrival(long dueNanos, long arrivedNanos) {}

    private static final int PATIENCE_SECONDS = 20;

    private final NanoClock clock = NanoClock.monotonic();
    private final BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();
    private final ThreadsSystem<Long> system = ThreadsSystem.boot("timer", 1, _ -> Behaviors.receiveMessage(due -> {
        arrivals.add(new Arrival(due, clock.nanos()));
        return Behaviors.same();
    }));
    private final ActorRef<Long> receiver = system.system();
    private final ThreadsContext context = system.context();

    @AfterEach
    void close() {
        system.close();
    }

    private Arrival next() throws InterruptedException {
        var arrival = arrivals.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(arrival).isNotNull();
        return arrival;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldNeverDeliverEarly(long seed) throws InterruptedException {
        var random = new SplitMix(seed);
        int deliveries = 2_000;
        for (int i = 0; i < deliveries; i++) {
            long delay = random.nextInt(5_000_000);
            context.deliverAfter(delay, receiver, clock.nanos() + delay);
        }

        for (int i = 0; i < deliveries; i++) {
            var arrival = next();
            // The test read the clock before the context did, so what it calls due is never after what the timer does.
            assertThat(arrival.arrivedNanos).as("seed %d", seed).isGreaterThanOrEqualTo(arrival.dueNanos);
        }
    }

    @Test
    void shouldDeliverInTheOrderOfTimeWhateverTheOrderOfAsking() throws InterruptedException {
        long start = clock.nanos() + 50_000_000;
        var timer = new DeliveryTimer(clock, "faultline-timer-test");
        for (long due = start + 99; due >= start; due--) {
            timer.deliverAt(due, "test", receiver, due);
        }

        List<Long> order = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            order.add(next().dueNanos);
        }
        timer.close();

        assertThat(order).isSorted().startsWith(start);
    }

    @Test
    void shouldWakeForWhatIsDueBeforeWhatItSleepsFor() throws InterruptedException {
        context.deliverAfter(TimeUnit.HOURS.toNanos(1), receiver, 1L);
        context.deliverAfter(TimeUnit.MILLISECONDS.toNanos(1), receiver, 2L);

        assertThat(next().dueNanos).isEqualTo(2);
    }

    @Test
    void shouldMeasureHowLateItWas() throws InterruptedException {
        assertThat(context.timerAccuracy()).isEqualTo(TimerAccuracy.exact(0));
        for (int i = 0; i < 10; i++) {
            context.deliverAfter(1_000_000, receiver, 0L);
        }
        for (int i = 0; i < 10; i++) {
            next();
        }
        context.close();

        var accuracy = context.timerAccuracy();
        assertThat(accuracy.deliveries()).isEqualTo(10);
        assertThat(accuracy.lateP50Nanos()).isNotNegative().isLessThanOrEqualTo(accuracy.lateP99Nanos());
        assertThat(accuracy.lateP99Nanos()).isLessThanOrEqualTo(accuracy.lateMaxNanos());
        assertThat(accuracy.lateMeanNanos()).isBetween(0.0, (double) accuracy.lateMaxNanos());
    }

    @Test
    void shouldDeliverAtOnceWhenThereIsNoDelay() throws InterruptedException {
        context.deliverAfter(0, receiver, 5L);

        assertThat(next().dueNanos).isEqualTo(5);
        assertThat(context.timerAccuracy().deliveries()).isZero();
    }

    @Test
    void shouldEndItsThreadAndRefuseMoreWhenClosed() throws InterruptedException {
        var watch = new ThreadWatch();
        var timer = new DeliveryTimer(clock, "faultline-timer-closing");
        assertThat(watch.newNames()).contains("faultline-timer-closing");
        timer.deliverAt(clock.nanos() + Duration.ofHours(1).toNanos(), "test", receiver, 1L);

        timer.close();
        timer.close();

        watch.assertAllEnd("faultline-timer-closing");
        assertThatThrownBy(() -> timer.deliverAt(clock.nanos() + 1_000_000_000, "test", receiver, 2L))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
        assertThat(arrivals).isEmpty();
    }
}
