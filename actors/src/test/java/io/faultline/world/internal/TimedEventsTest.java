package io.faultline.world.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.Executor;

import io.faultline.time.SplitMix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimedEventsTest {
    private static final Executor NOWHERE = _ -> {};

    private final VirtualLoop loop = new VirtualLoop();
    private final TimedEvents timed = new TimedEvents();

    private ScheduledTask task() {
        return new ScheduledTask(loop, () -> {}, NOWHERE, 0);
    }

    @Test
    void shouldKeepTheOrderOfAddingAtOneInstant() {
        var added = new ArrayList<TimedEvent>();
        for (int i = 0; i < 200; i++) {
            var task = task();
            added.add(task);
            timed.add(5, task);
        }

        var polled = new ArrayList<TimedEvent>();
        while (timed.nextNanos() == 5) {
            polled.add(timed.poll());
            assertThat(timed.polledSequence()).isEqualTo(polled.size() - 1);
        }

        assertThat(polled).isEqualTo(added);
    }

    @Test
    void shouldSayNeverAndRefuseToPollWhenThereIsNothing() {
        assertThat(timed.nextNanos()).isEqualTo(TimedEvents.NEVER);
        assertThatThrownBy(timed::poll).isInstanceOf(NoSuchElementException.class);
    }

    /** Against a sorted list, with additions, polls and cancellations mixed; enough of the last to rebuild the heap. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void shouldAgreeWithASortedList(long seed) {
        record Expected(long nanos, long sequence, ScheduledTask task) {}
        var random = new SplitMix(seed);
        List<Expected> expected = new ArrayList<>();
        long sequence = 0;
        for (int i = 0; i < 20_000; i++) {
            int choice = random.nextInt(10);
            if (choice < 5 || expected.isEmpty()) {
                long nanos = 1L + random.nextInt(1000);
                var task = new ScheduledTask(loop, () -> {}, NOWHERE, 0);
                task.start(nanos);
                expected.add(new Expected(nanos, sequence++, task));
            } else if (choice < 9) {
                var gone = expected.remove(random.nextInt(expected.size()));
                assertThat(gone.task.cancel()).as("seed %d, step %d", seed, i).isTrue();
                assertThat(gone.task.cancel()).as("seed %d, step %d", seed, i).isFalse();
            } else {
                expected.sort(Comparator.comparingLong(Expected::nanos).thenComparingLong(Expected::sequence));
                assertThat(loop.nextEventNanos()).as("seed %d, step %d", seed, i).isEqualTo(expected.get(0).nanos);
                assertThat(loop.takeTimed()).as("seed %d, step %d", seed, i).isSameAs(expected.remove(0).task);
            }
        }
        expected.sort(Comparator.comparingLong(Expected::nanos).thenComparingLong(Expected::sequence));
        for (var next : expected) {
            assertThat(loop.takeTimed()).as("seed %d", seed).isSameAs(next.task);
        }
        assertThat(loop.isIdle()).as("seed %d", seed).isTrue();
    }
}
