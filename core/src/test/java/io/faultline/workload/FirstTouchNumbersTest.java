package io.faultline.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;

import io.faultline.time.SplitMix;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FirstTouchNumbersTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldNumberAsAMapDoes(long seed) {
        var random = new SplitMix(seed);
        var numbers = new FirstTouchNumbers();
        var model = new HashMap<Long, Integer>();
        for (int i = 0; i < 50_000; i++) {
            // Dense pages, sparse pages, and the largest that an address can have.
            long page = switch (random.nextInt(3)) {
                case 0 -> random.nextInt(8_000);
                case 1 -> random.nextLong() >>> 12;
                default -> (-1L >>> 12) - random.nextInt(100);
            };
            int expected = model.computeIfAbsent(page, p -> model.size());
            assertThat(numbers.number(page)).as("seed %d, step %d, page %d", seed, i, page).isEqualTo(expected);
        }
        assertThat(numbers.count()).as("seed %d", seed).isEqualTo(model.size());
    }
}
