package io.faultline.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

class MeasuringTest {
    @Test
    void shouldCountOnlyRunsAfterTheWarmUp() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        Measurement measured =
                Measuring.measure(() -> new Work(10, runs.incrementAndGet(), 0, 100), 250, 150);
        assertThat(measured).usingRecursiveComparison()
                .ignoringFields("cpuNanos")
                .isEqualTo(new Measurement(new Work(20, 4 + 5, 0, 200), 0, 2, 300));
    }

    @Test
    void shouldRunOnceAtLeastOfEach() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        Measurement measured = Measuring.measure(() -> {
            runs.incrementAndGet();
            return new Work(1, 1, 0, 1);
        }, 0, 1);
        assertThat(measured.runs()).isEqualTo(1);
        assertThat(runs).hasValue(2);
    }
}
