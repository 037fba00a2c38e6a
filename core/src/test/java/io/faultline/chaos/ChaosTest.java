package io.faultline.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChaosTest {
    private static final long TIMEOUT_NANOS = 1_000_000_000;
    private static final String ALL = Arrays.stream(ChaosKind.values())
            .map(kind -> kind.text() + ":0.5")
            .collect(Collectors.joining(","));

    private static Chaos chaos(String spec, long seed) {
        return Chaos.of(ChaosSpec.parse(spec), seed, TIMEOUT_NANOS);
    }

    private static boolean hits(Chaos chaos, ChaosKind kind, int key, long counter) {
        return kind.isOfPages() ? chaos.hits(kind, key, counter) : chaos.crashes(kind, key, 0, counter);
    }

    /** One character per operation. */
    private static String drawn(Chaos chaos, ChaosKind kind) {
        return IntStream.range(0, 200)
                .mapToObj(i -> hits(chaos, kind, i / 10, i % 10) ? "x" : ".")
                .collect(Collectors.joining());
    }

    @ParameterizedTest
    @EnumSource(ChaosKind.class)
    void shouldDependOnTheSeedAndTheOperationOnly(ChaosKind kind) {
        String once = drawn(chaos(ALL, 7), kind);
        Chaos again = chaos(kind.text() + ":0.5", 7);

        assertThat(hits(again, kind, 5, 5)).isEqualTo(hits(again, kind, 5, 5));
        assertThat(drawn(again, kind)).as("whatever else was asked, and whatever else can fail").isEqualTo(once);
        assertThat(drawn(chaos(ALL, 8), kind)).isNotEqualTo(once);
    }

    @Test
    void shouldDrawEachKindOnItsOwn() {
        Chaos chaos = chaos(ALL, 7);
        assertThat(Arrays.stream(ChaosKind.values()).map(kind -> drawn(chaos, kind)).distinct())
                .hasSize(ChaosKind.values().length);
    }

    @ParameterizedTest
    @CsvSource({"0.5,1", "0.5,2", "0.01,1", "0.01,2", "0.01,3", "0.0001,1", "0.0001,2"})
    void shouldHitAsOftenAsTold(double rate, long seed) {
        int pages = 20_000;
        int attempts = 50;
        Chaos chaos = chaos("fetch-error:" + rate + ",handler-crash:" + rate, seed);
        long errors = 0;
        long crashes = 0;
        for (int page = 0; page < pages; page++) {
            for (int attempt = 0; attempt < attempts; attempt++) {
                errors += chaos.hits(ChaosKind.FETCH_ERROR, page, attempt) ? 1 : 0;
                crashes += chaos.crashes(ChaosKind.HANDLER_CRASH, attempt, page, attempt) ? 1 : 0;
            }
        }
        double operations = (double) pages * attempts;
        double fiveDeviations = 5 * Math.sqrt(operations * rate * (1 - rate));
        assertThat((double) errors).as("seed %d", seed).isCloseTo(operations * rate, within(fiveDeviations));
        assertThat((double) crashes).as("seed %d", seed).isCloseTo(operations * rate, within(fiveDeviations));
    }

    /** With rate 1/2 each, the second of two draws must not know the first. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldDrawNeighboursIndependently(long seed) {
        Chaos chaos = chaos(ALL, seed);
        int pairs = 40_000;
        var equal = new int[5];
        for (int i = 0; i < pairs; i++) {
            boolean base = chaos.hits(ChaosKind.FETCH_ERROR, i, 0);
            equal[0] += base == chaos.hits(ChaosKind.FETCH_ERROR, i + 1L, 0) ? 1 : 0;
            equal[1] += base == chaos.hits(ChaosKind.FETCH_ERROR, i, 1) ? 1 : 0;
            equal[2] += base == chaos.hits(ChaosKind.SHORT_READ, i, 0) ? 1 : 0;
            equal[3] += chaos.crashes(ChaosKind.FETCHER_CRASH, 3, 0, i)
                    == chaos.crashes(ChaosKind.FETCHER_CRASH, 3, 1, i) ? 1 : 0;
            equal[4] += chaos.crashes(ChaosKind.FETCHER_CRASH, 3, 0, i)
                    == chaos.crashes(ChaosKind.FETCHER_CRASH, 4, 0, i) ? 1 : 0;
        }
        for (int each : equal) {
            assertThat((double) each).as("seed %d, %s", seed, Arrays.toString(equal))
                    .isCloseTo(pairs / 2.0, within(5 * Math.sqrt(pairs / 4.0)));
        }
    }

    @Test
    void shouldAlwaysHitWithRateOneAndNeverWithRateZero() {
        Chaos chaos = chaos("fetch-error:1,fetch-dead:0,handler-crash:1", 3);
        for (int i = 0; i < 1_000; i++) {
            assertThat(chaos.hits(ChaosKind.FETCH_ERROR, i, i)).isTrue();
            assertThat(chaos.hits(ChaosKind.FETCH_DEAD, i, i)).isFalse();
            assertThat(chaos.crashes(ChaosKind.HANDLER_CRASH, i, i, i)).isTrue();
            assertThat(chaos.crashes(ChaosKind.MEMSLOT_CRASH, i, i, i)).isFalse();
        }
        assertThat(chaos.isOn(ChaosKind.FETCH_ERROR)).isTrue();
        assertThat(chaos.isOn(ChaosKind.FETCH_DEAD)).isFalse();
    }

    @Test
    void shouldBeTheOneObjectThatDoesNothingWhenNothingIsToFail() {
        assertThat(Chaos.of(ChaosSpec.NONE, 5, TIMEOUT_NANOS)).isSameAs(Chaos.NONE);
        assertThat(chaos("fetch-error:0", 5)).isSameAs(Chaos.NONE);
        assertThat(Chaos.NONE.isOn()).isFalse();
        for (ChaosKind kind : ChaosKind.values()) {
            assertThat(drawn(Chaos.NONE, kind)).as(kind.text()).doesNotContain("x");
        }
        assertThat(Chaos.NONE.answerAfterNanos(1, 1)).isZero();
    }

    @Test
    void shouldAddDelayAndStallAndLetDeathPrevail() {
        Chaos chaos = chaos("fetch-delay:0.5@3us,fetch-stall:0.5@7s,fetch-dead:0.2", 11);
        var met = new HashSet<Long>();
        for (int page = 0; page < 500; page++) {
            long expected = chaos.hits(ChaosKind.FETCH_DEAD, page, 4)
                    ? Chaos.NEVER
                    : (chaos.hits(ChaosKind.FETCH_DELAY, page, 4) ? 3_000 : 0)
                            + (chaos.hits(ChaosKind.FETCH_STALL, page, 4) ? 7_000_000_000L : 0);
            assertThat(chaos.answerAfterNanos(page, 4)).as("page %d", page).isEqualTo(expected);
            met.add(expected);
        }
        assertThat(met).containsExactlyInAnyOrder(0L, 3_000L, 7_000_000_000L, 7_000_003_000L, Chaos.NEVER);
    }

    @Test
    void shouldNotTakeALongWaitForNever() {
        Chaos chaos = Chaos.of(ChaosSpec.parse("fetch-delay:1@100min,fetch-stall:1"), 1, Long.MAX_VALUE);

        assertThat(chaos.answerAfterNanos(1, 1)).isPositive().isLessThan(Chaos.NEVER);
    }

    @Test
    void shouldStallForTwoFetchTimeoutsUnlessTold() {
        assertThat(chaos("fetch-stall:1", 1).answerAfterNanos(1, 1)).isEqualTo(2 * TIMEOUT_NANOS);
        assertThat(chaos("fetch-delay:1", 1).answerAfterNanos(1, 1)).isEqualTo(1_000_000);
    }
}
