package io.faultline.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SplitMixTest {
    /** The first outputs of the reference implementation (Vigna, splitmix64.c) for seed 0. */
    @Test
    void shouldGiveTheReferenceSequence() {
        var random = new SplitMix(0);

        assertThat(LongStream.generate(random::nextLong).limit(3))
                .containsExactly(0xE220A8397B1DCDAFL, 0x6E789E6AA1B965F4L, 0x06C45D188009454FL);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, -1, 0x123456789ABCDEFL})
    void shouldDrawEveryNumberBelowTheBoundAboutEquallyOften(long seed) {
        var random = new SplitMix(seed);
        var drawn = new int[7];

        for (int i = 0; i < 70_000; i++) {
            drawn[random.nextInt(drawn.length)]++;
        }

        for (int count : drawn) {
            assertThat(count).as("seed %d", seed).isCloseTo(10_000, within(500));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void shouldRefuseABoundThatIsNotPositive(int bound) {
        var random = new SplitMix(1);

        assertThatThrownBy(() -> random.nextInt(bound))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(Integer.toString(bound));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 42, Long.MIN_VALUE})
    void shouldDrawDoublesFromZeroUpToOne(long seed) {
        var random = new SplitMix(seed);
        double sum = 0;

        for (int i = 0; i < 10_000; i++) {
            double drawn = random.nextDouble();
            assertThat(drawn).as("seed %d", seed).isGreaterThanOrEqualTo(0.0).isLessThan(1.0);
            sum += drawn;
        }

        assertThat(sum / 10_000).as("seed %d", seed).isCloseTo(0.5, within(0.02));
    }

    @Test
    void shouldSplitWithoutAdvancing() {
        var split = new SplitMix(7);
        var untouched = new SplitMix(7);

        long first = split.split(3).nextLong();
        long again = split.split(3).nextLong();

        assertThat(again).isEqualTo(first);
        assertThat(split.nextLong()).isEqualTo(untouched.nextLong());
    }

    @Test
    void shouldTellTheSplitOnesApartByTheirSaltAndByWhatTheyComeFrom() {
        var firsts = LongStream.concat(
                LongStream.range(0, 1000).map(salt -> new SplitMix(1).split(salt).nextLong()),
                LongStream.range(0, 1000).map(salt -> new SplitMix(2).split(salt).nextLong()));

        assertThat(firsts.boxed().distinct().count()).isEqualTo(2000);
    }
}
