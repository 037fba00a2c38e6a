package io.faultline.lab.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;

import org.junit.jupiter.api.Test;

class RunSeriesTest {
    @Test
    void shouldKeepTotalsAndMeanLevelsExactHoweverOftenBucketsAreMerged() {
        long seed = 7;
        Random random = new Random(seed);
        Buckets buckets = new Buckets();
        long endNanos = 50_000_000;
        int things = 20_000;
        double livedNanos = 0;
        for (int thing = 0; thing < things; thing++) {
            long beginNanos = random.nextLong(endNanos);
            long lastsNanos = random.nextLong(endNanos - beginNanos);
            buckets.add(Signal.FAULTS_RAISED, beginNanos, 1);
            buckets.add(Signal.FAULTS_RESOLVED, beginNanos + lastsNanos, 1);
            livedNanos += lastsNanos;
        }
        buckets.add(Signal.IPIS_SENT, endNanos, 1);
        OverTime over = buckets.overTime();

        assertThat(over.total(Signal.FAULTS_RAISED)).isEqualTo(things);
        double[] nanos = over.nanos();
        double[] means = over.meanLevel(Signal.FAULTS_RAISED, Signal.FAULTS_RESOLVED);
        double area = 0;
        for (int bucket = 0; bucket < means.length; bucket++) {
            double beginNanos = bucket * (double) over.widthNanos();
            area += means[bucket] * 2 * (nanos[bucket] - beginNanos);
        }
        assertThat(area).as("seed %d", seed).isCloseTo(livedNanos, within(livedNanos * 1e-9));
        assertThat(means.length).isBetween(Buckets.CAPACITY / 2, Buckets.CAPACITY);
    }

    @Test
    void shouldTakeNoMoreMemoryForADay() {
        Buckets buckets = new Buckets();
        long dayNanos = 86_400_000_000_000L;
        buckets.add(Signal.IPIS_SENT, 3, 2);
        buckets.peak(Peak.LATENCY_NANOS, 5, 9);
        buckets.add(Signal.IPIS_SENT, dayNanos, 5);

        OverTime over = buckets.overTime();
        assertThat(over.nanos().length).isBetween(Buckets.CAPACITY / 2, Buckets.CAPACITY);
        assertThat(over.endNanos()).isEqualTo(dayNanos);
        assertThat(over.total(Signal.IPIS_SENT)).isEqualTo(7);
        assertThat(over.highest(Peak.LATENCY_NANOS)[0]).isEqualTo(9);
    }

    @Test
    void shouldHaveNothingWhenNothingHappenedOrNoTimePassed() {
        assertThat(new RunSeries(true, 4).overTime().nanos()).isEmpty();

        RunSeries series = new RunSeries(true, 4);
        series.faultRaised(0, 1, 7, false);
        series.faultResolved(0, 1, 7, false);
        assertThat(series.overTime().hasTime()).isFalse();
        assertThat(series.overTime().total(Signal.FAULTS_RESOLVED)).isOne();
        assertThat(series.latencies().getTotalCount()).isOne();
    }

    @Test
    void shouldTakeTheTimeAFaultTookFromItsVcpu() {
        RunSeries series = new RunSeries(false, 2);
        long originNanos = 1L << 60;
        series.faultRaised(originNanos, 0, 7, false);
        series.faultRaised(originNanos + 100, 1, 8, false);
        series.faultResolved(originNanos + 1_000, 0, 7, false);
        series.faultResolved(originNanos + 2_000, 1, 8, true);

        assertThat(series.latencies().getMaxValue()).isBetween(1_000L, 1_010L);
        assertThat(series.overTime().endNanos()).isEqualTo(2_000);
        assertThat(series.overTime().total(Signal.FAULTS_FAILED)).isOne();
        assertThat(Arrays.stream(series.overTime().highest(Peak.LATENCY_NANOS)).filter(Double::isFinite).max())
                .hasValue(1_000);
    }

    @Test
    void shouldCountWhatManyThreadsTellAtOnce() throws InterruptedException {
        int threads = 40;
        long faults = 2_000;
        RunSeries series = new RunSeries(true, threads);
        Thread[] running = new Thread[threads];
        for (int vcpu = 0; vcpu < threads; vcpu++) {
            int own = vcpu;
            running[vcpu] = Thread.ofPlatform().start(() -> {
                for (int fault = 0; fault < faults; fault++) {
                    long nanos = fault * (1L << own % 8);
                    series.faultRaised(nanos, own, fault, false);
                    series.inFlightChanged(nanos, 0, 1);
                    series.inFlightChanged(nanos + 2, 0, -1);
                    series.faultResolved(nanos + 3, own, fault, false);
                }
            });
        }
        for (Thread thread : running) {
            thread.join();
        }
        OverTime over = series.overTime();

        assertThat(over.total(Signal.FAULTS_RAISED)).isEqualTo(threads * faults);
        assertThat(over.total(Signal.FAULTS_RESOLVED)).isEqualTo(threads * faults);
        assertThat(over.total(Signal.READS_BEGUN)).isEqualTo(over.total(Signal.READS_ENDED));
        assertThat(series.latencies().getTotalCount()).isEqualTo(threads * faults);
        assertThat(Arrays.stream(over.highest(Peak.READS_IN_FLIGHT)).filter(Double::isFinite).max().orElseThrow())
                .isBetween(1.0, (double) threads);
    }
}
