package io.faultline.wholemachine;

import static io.faultline.wholemachine.TestWorld.assertFlawless;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;

import io.faultline.machine.Report;
import io.faultline.source.SourceTiming;
import io.faultline.workload.Workload;
import io.faultline.workload.Workloads;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a source's latency and rate do to the time a run takes. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SourceTimingTest {
    private static final int PAGES = 256;
    private static final long BYTES = PAGES * 4096L;
    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final Workload EVERY_PAGE_ONCE = Workloads.sequential().accesses(PAGES);

    @Test
    void shouldTakeNoTimeWhenTheSourceTakesNone() {
        Report report = TestWorld.VIRTUAL.run(spec -> spec, EVERY_PAGE_ONCE);

        assertThat(report.virtualNanos()).isZero();
        assertThat(report.faults().latencyNanos().max()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"1, 256", "2, 128", "8, 32"})
    void shouldTakeOneLatencyForEachRoundOfFaults(int vcpus, int rounds) {
        long latencyNanos = 70_000;

        Report report = TestWorld.VIRTUAL.run(
                spec -> spec.vcpus(vcpus).sourceTiming(SourceTiming.INSTANT.withLatencyNanos(latencyNanos)),
                EVERY_PAGE_ONCE);

        assertFlawless(report);
        assertThat(report.virtualNanos()).isEqualTo(rounds * latencyNanos);
        assertThat(report.faults().latencyNanos().p50()).as("to the histogram's three digits")
                .isBetween(latencyNanos - 100, latencyNanos + 100);
        assertThat(report.faults().stageNanos().fetch()).isEqualTo(latencyNanos);
        assertThat(report.faults().perSecond()).isEqualTo(PAGES * 1e9 / (rounds * latencyNanos));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 16})
    void shouldTakeOneLatencyForEachTimeTheLimitIsFilled(int inFlight) {
        long latencyNanos = 70_000;

        Report report = TestWorld.VIRTUAL.run(
                spec -> spec.vcpus(PAGES)
                        .fetchers(1)
                        .inFlight(inFlight)
                        .sourceTiming(SourceTiming.INSTANT.withLatencyNanos(latencyNanos)),
                EVERY_PAGE_ONCE);

        assertFlawless(report);
        // A batch keeps its room until all of it is read, so a few rounds may not be full.
        assertThat(report.virtualNanos()).isBetween(Math.ceilDiv(PAGES, inFlight) * latencyNanos,
                (Math.ceilDiv(PAGES, inFlight) + 8) * latencyNanos);
        assertThat(report.io().inFlightPeak()).isEqualTo(inFlight);
    }

    @ParameterizedTest
    @CsvSource({"1, 1048576", "2, 1048576", "3, 10000000", "2, 1073741824", "1, 7777"})
    void shouldReadAsFastAsTheSourceAndNoFaster(int fetchers, long bytesPerSecond) {
        Report report = TestWorld.VIRTUAL.run(
                spec -> spec.vcpus(PAGES)
                        .fetchers(fetchers)
                        .fetchTimeoutNanos(1000 * NANOS_PER_SECOND)
                        .sourceTiming(SourceTiming.INSTANT.withBytesPerSecond(bytesPerSecond)),
                EVERY_PAGE_ONCE);

        assertFlawless(report);
        double seconds = report.virtualNanos() / 1e9;
        double expected = (double) BYTES / bytesPerSecond;
        // What passes is paid for afterwards, batch by batch: the last one of each fetcher costs nothing yet.
        assertThat(seconds).isBetween(expected * 0.5, expected * 1.5);
    }

    @Test
    void shouldKeepTheRateOnThreads() {
        long bytesPerSecond = 8 * BYTES;

        Report report = TestWorld.THREADS.run(
                spec -> spec.vcpus(64).sourceTiming(SourceTiming.INSTANT.withBytesPerSecond(bytesPerSecond)),
                EVERY_PAGE_ONCE);

        assertFlawless(report);
        // No faster than told, but for bursts of two milliseconds and the last batches; how much slower, load decides.
        assertThat(report.wallNanos()).isGreaterThan(NANOS_PER_SECOND / 8 / 2);
    }
}
