package io.faultline.shootdown;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;

import io.faultline.cost.CostProfile;
import io.faultline.cost.CostProfiles;
import io.faultline.cost.Operation;
import io.faultline.flush.ConcurrentPolicy;
import io.faultline.flush.FlushPolicy;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The machine that was measured, Linux 6.18 in a guest with 2 vCPUs on Zen 4, from one set of costs for all points. */
class MeasuredGuestTest {
    private static final CostProfile GUEST = CostProfiles.of("guest-zen4-2vcpu");
    /** As that kernel: the own CPU flushes while the interrupt is on its way. */
    private static final FlushPolicy LINUX = new ConcurrentPolicy(33);
    private static final Percentage TENTH = Percentage.withPercentage(10);
    private static final int CALLS = 10;

    private static double micros(MemoryCall call, int pages, int cpus) {
        var spec = ShootdownSpec.of(cpus, LINUX, GUEST, CallLoop.of(call, pages, CALLS)).oracle(true);
        return Twice.run(spec).callNanosMean() / 1e3;
    }

    @ParameterizedTest
    @CsvSource({
        "MOVE_IN,   1, 1.02,  9.54",
        "MOVE_IN,   8, 1.75,  10.1",
        "MOVE_IN,  16, 2.54,  11.1",
        "MOVE_IN,  33, 4.25,  12.8",
        "MOVE_IN,  34, 3.19,  11.6",
        "MOVE_IN, 512, 34.0,  45.1",
        "COPY,      1, 1.41,  1.91",
        "COPY,     16, 12.3,  12.6",
        "COPY,    512,  338,   340",
        "MPROTECT,  1, 1.85,  10.9"})
    void shouldTakeWhatWasMeasuredAloneAndBesideARunningCpu(MemoryCall call, int pages, double alone, double beside) {
        assertThat(micros(call, pages, 1)).as("alone").isCloseTo(alone, TENTH);
        assertThat(micros(call, pages, 2)).as("beside a running CPU").isCloseTo(beside, TENTH);
    }

    /** 34 pages are flushed whole, and so faster than 33 that are flushed one by one: by 1.06 and 1.2 us. */
    @ParameterizedTest
    @CsvSource({"1, 1.06", "2, 1.2"})
    void shouldBeFasterBeyondTheCeiling(int cpus, double measured) {
        double step = micros(MemoryCall.MOVE_IN, 33, cpus) - micros(MemoryCall.MOVE_IN, 34, cpus);

        assertThat(step).isCloseTo(measured, Percentage.withPercentage(15));
    }

    @Test
    void shouldPreferMoveToCopyFromSomewhereBetweenTwelveAndSixteenPages() {
        int from = IntStream.rangeClosed(11, 17)
                .filter(pages -> micros(MemoryCall.MOVE_IN, pages, 2) < micros(MemoryCall.COPY, pages, 2))
                .findFirst()
                .orElseThrow();

        assertThat(from).isBetween(12, 16);
    }

    /** 5.3 us besides the one page, while the caller waits for 8.5 us more than alone. */
    @Test
    void shouldStealWhatWasMeasuredFromTheRunningCpu() {
        var result = Twice.run(ShootdownSpec.of(2, LINUX, GUEST, CallLoop.of(MemoryCall.MOVE_IN, 1, CALLS)));

        assertThat(result.stolenNanos() / CALLS)
                .isEqualTo(GUEST.nanos(Operation.IPI_ENTRY) + GUEST.nanos(Operation.INVLPG));
        assertThat(result.callNanosMean() - 1000 * micros(MemoryCall.MOVE_IN, 1, 1)).isEqualTo(8500);
        assertThat(result.flush().ipisPerPage()).isEqualTo(1);
    }

    /** 512 MOVEs of a page each: 4.9 ms against 45 us for one of 512. */
    @Test
    void shouldTakeAHundredTimesAsLongPageByPage() {
        double single = 512 * micros(MemoryCall.MOVE_IN, 1, 2);

        assertThat(single / 1e3).isCloseTo(4.9, TENTH);
        assertThat(single / micros(MemoryCall.MOVE_IN, 512, 2)).isBetween(95., 120.);
    }

    @Test
    void shouldFlushPageByPageWithinACallOfAnOlderKernel() {
        var loop = CallLoop.of(MemoryCall.MOVE_IN, 16, CALLS).pagesPerFlush(1);
        var result = Twice.run(ShootdownSpec.of(2, LINUX, GUEST, loop).oracle(true));

        assertThat(result.flush().ipisPerPage()).isEqualTo(1);
        assertThat(result.callNanosMean() / 1e3).isBetween(16 * 8.5, 16 * 9.54);
    }
}
