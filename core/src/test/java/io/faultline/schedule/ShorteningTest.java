package io.faultline.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

import io.faultline.time.SplitMix;
import org.junit.jupiter.api.Test;

class ShorteningTest {
    private static final int MANY = 100_000;

    @Test
    void shouldKeepTheOneChoiceThatMatters() {
        Predicate<ChoiceLog> fourthIsNotTheOldest = log -> log.size() > 3 && log.get(3) > 0;
        ChoiceLog shortened = Shortening.shorten(noise(200), MANY, fourthIsNotTheOldest);
        assertThat(shortened).isEqualTo(ChoiceLog.of(0, 0, 0, 1));
    }

    @Test
    void shouldTakeOutWhatOnlyFillsTheTimeBetween() {
        // A 2 is followed by a 4, at any distance.
        Predicate<ChoiceLog> twoThenFour = log -> {
            List<Integer> choices = Arrays.stream(log.toArray()).boxed().toList();
            return choices.contains(2) && choices.lastIndexOf(4) > choices.indexOf(2);
        };
        var log = ChoiceLog.of(1, 1, 0, 2, 3, 3, 0, 0, 1, 4, 1, 1);
        assertThat(Shortening.shorten(log, MANY, twoThenFour)).isEqualTo(ChoiceLog.of(2, 4));
    }

    @Test
    void shouldReturnOnlyWhatWasTriedAndStillShows() {
        for (int seed = 0; seed < 50; seed++) {
            int remainder = seed % 5;
            Predicate<ChoiceLog> shows = log -> log.deviations() % 5 == remainder;
            var random = new SplitMix(seed);
            var log = new ChoiceLog();
            while (log.size() < 40 || !shows.test(log)) {
                log.add(random.nextInt(4));
            }
            ChoiceLog shortened = Shortening.shorten(log, MANY, shows);
            assertThat(shows.test(shortened)).as("seed %d", seed).isTrue();
            assertThat(shortened.size()).as("seed %d", seed).isLessThan(log.size());
            assertThat(shortened.deviations()).as("seed %d", seed).isLessThanOrEqualTo(log.deviations());
        }
    }

    @Test
    void shouldTryNoMoreOftenThanAllowed() {
        var tries = new AtomicInteger();
        Shortening.shorten(noise(500), 17, _ -> {
            tries.incrementAndGet();
            return false;
        });
        assertThat(tries).hasValue(17);
    }

    private static ChoiceLog noise(int size) {
        var random = new SplitMix(5);
        var log = new ChoiceLog();
        for (int index = 0; index < size; index++) {
            log.add(1 + random.nextInt(6));
        }
        return log;
    }
}
