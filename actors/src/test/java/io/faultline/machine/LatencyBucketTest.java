package io.faultline.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LatencyBucketTest {
    @Test
    void shouldShowNoBarWhenNothingWasRecorded() {
        assertThat(LatencyBucket.histogram(new Histogram(3))).isEmpty();
    }

    @Test
    void shouldPutAValueOnABoundIntoTheBarThatEndsThere() {
        Histogram nanos = new Histogram(3);
        nanos.recordValue(1);
        nanos.recordValue(2);
        nanos.recordValue(3);
        nanos.recordValue(5);
        nanos.recordValue(1000);

        assertThat(LatencyBucket.histogram(nanos)).containsExactly(new LatencyBucket(1, 1), new LatencyBucket(2, 1),
                new LatencyBucket(5, 2), new LatencyBucket(10, 0), new LatencyBucket(20, 0), new LatencyBucket(50, 0),
                new LatencyBucket(100, 0), new LatencyBucket(200, 0), new LatencyBucket(500, 0),
                new LatencyBucket(1000, 1));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void shouldCountEveryEventOnce(long seed) {
        java.util.Random random = new java.util.Random(seed);
        Histogram nanos = new Histogram(3);
        int events = 1 + random.nextInt(10_000);
        for (int event = 0; event < events; event++) {
            nanos.recordValue(random.nextLong(1L << random.nextInt(1, 40)));
        }

        List<LatencyBucket> bars = LatencyBucket.histogram(nanos);

        assertThat(bars.stream().mapToLong(LatencyBucket::count).sum()).as("seed %d", seed).isEqualTo(events);
        assertThat(bars.getFirst().count()).as("first bar, seed %d", seed).isPositive();
        assertThat(bars.getLast().count()).as("last bar, seed %d", seed).isPositive();
        assertThat(bars.getLast().upToNanos()).as("last bound, seed %d", seed)
                .isGreaterThanOrEqualTo(nanos.getMaxValue() - nanos.getMaxValue() / 1000);
    }
}
