package io.faultline.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;

import io.faultline.time.SplitMix;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageBitsTest {
    private static final int PAGES = 1_000;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldSetAndClearRangesAsABitSetDoes(long seed) {
        var random = new SplitMix(seed);
        var bits = new PageBits(PAGES);
        var model = new BitSet(PAGES);
        for (int step = 0; step < 2_000; step++) {
            int first = random.nextInt(PAGES);
            int count = random.nextInt(Math.min(PAGES - first, 200) + 1);
            if (random.nextInt(2) == 0) {
                bits.set(first, count);
                model.set(first, first + count);
            } else {
                bits.clear(first, count);
                model.clear(first, first + count);
            }
            for (int page = 0; page < PAGES; page++) {
                assertThat(bits.get(page)).as("seed %d, step %d, page %d", seed, step, page)
                        .isEqualTo(model.get(page));
            }
        }
    }
}
