package io.faultline.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GcraTest {
    /** Passes elements back to back; answers when the last one passed. */
    private static long passMany(Gcra limit, int elements, long bytes) {
        long now = 0;
        for (int i = 0; i < elements; i++) {
            now += limit.waitNanos(now);
            limit.pass(now, bytes);
        }
        return now;
    }

    /** The fraction of a nanosecond an element leaves over must add up: 10^5 elements of 1/3 ns do not take 0 ns. */
    @ParameterizedTest
    @CsvSource({"3, 1", "2147483648, 4096", "7000000000, 1", "999999937, 4096", "1, 1"})
    void shouldKeepTheRateWithoutDrift(long bytesPerSecond, long bytes) {
        int elements = 100_001;

        long last = passMany(new Gcra(bytesPerSecond, 0), elements, bytes);

        long exact = Math.ceilDiv((elements - 1) * bytes * 1_000_000_000L, bytesPerSecond);
        assertThat(last).isEqualTo(exact);
    }

    @Test
    void shouldLetABurstPassAtOnce() {
        // 1 byte a nanosecond: after the burst each element waits out its own size.
        var limit = new Gcra(1_000_000_000, 300);
        limit.pass(0, 100);
        limit.pass(0, 100);
        limit.pass(0, 100);
        limit.pass(0, 100);

        assertThat(limit.waitNanos(0)).isEqualTo(100);
        assertThat(limit.waitNanos(99)).isEqualTo(1);
        assertThat(limit.waitNanos(100)).isZero();
    }

    @Test
    void shouldNotSaveUpIdleTime() {
        var limit = new Gcra(1_000_000_000, 0);
        limit.pass(0, 10);
        limit.pass(1_000_000, 10);

        assertThat(limit.waitNanos(1_000_000)).isEqualTo(10);
    }

    @Test
    void shouldRefuseWhatComesTooEarlyAndWhatMakesNoSense() {
        var limit = new Gcra(1_000_000_000, 0);
        limit.pass(0, 10);

        assertThatThrownBy(() -> limit.pass(3, 10))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("7 ns too early");
        assertThatThrownBy(() -> limit.pass(10, -1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Gcra(0, 0)).hasMessageContaining("0 bytes/s");
        assertThatThrownBy(() -> new Gcra(1, -1)).hasMessageContaining("-1 bytes");
    }
}
