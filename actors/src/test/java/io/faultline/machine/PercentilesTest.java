package io.faultline.machine;

import static org.assertj.core.api.Assertions.assertThat;

import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class PercentilesTest {
    @Test
    void shouldBeAllZerosWhenThereWasNoEvent() {
        assertThat(Percentiles.of(new Histogram(3))).isEqualTo(Percentiles.NONE);
    }

    @Test
    void shouldReadTheSpreadOffTheHistogram() {
        Histogram nanos = new Histogram(3);
        for (int value = 1; value <= 1000; value++) {
            nanos.recordValue(value);
        }

        assertThat(Percentiles.of(nanos)).isEqualTo(new Percentiles(500, 990, 999, 1000, 500));
    }
}
