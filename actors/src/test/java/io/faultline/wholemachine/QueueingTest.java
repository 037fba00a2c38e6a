package io.faultline.wholemachine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Set;
import java.util.function.UnaryOperator;

import io.faultline.cost.Cost;
import io.faultline.cost.CostProfile;
import io.faultline.cost.Operation;
import io.faultline.machine.MachineSpec;
import io.faultline.machine.MachineSpecBuilder;
import io.faultline.machine.OracleLevel;
import io.faultline.machine.PageContents;
import io.faultline.machine.Report;
import io.faultline.machine.RunProgress;
import io.faultline.source.SourceTiming;
import io.faultline.units.MemorySize;
import io.faultline.workload.Workloads;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The whole machine as a queue: faults that come at random for something that serves one, or c, at a time. */
class QueueingTest {
    private static final int VCPUS = 2_048;
    private static final int PAGES = 1 << 17;
    private static final double SHARE_RUN = 0.65;
    private static final Percentage THREE_PERCENT = Percentage.withPercentage(3);

    /**
     * So many vCPUs that one halted hardly makes the faults fewer; each page is touched once. Ends before the first vCPU
     * has touched its last page, because from then on there are fewer.
     */
    private static Report run(double faultsPerSecond, UnaryOperator<MachineSpecBuilder> configure) {
        MachineSpec machine = TestWorld.VIRTUAL.spec(builder -> configure.apply(builder.vcpus(VCPUS)
                .memory(MemorySize.parse(4 * PAGES + "KiB"))
                .memslots(64)
                .contents(PageContents.TOKENS)
                .oracle(OracleLevel.OFF)
                .arrivalsPerSecond(faultsPerSecond / VCPUS)));
        long limitNanos = (long) (SHARE_RUN * PAGES / faultsPerSecond * 1e9);
        Report report = TestWorld.VIRTUAL.world()
                .run(machine, Workloads.sequential().writeRatio(0).accesses(PAGES), new Limit(limitNanos));
        assertThat(report.faults().lost()).isZero();
        assertThat(report.faults().raised() * 1e9 / limitNanos).isCloseTo(faultsPerSecond, THREE_PERCENT);
        return report;
    }

    /** Pollaczek and Khinchine: with deterministic service the mean wait is utilisation·D / 2(1 - utilisation). */
    @ParameterizedTest
    @CsvSource({"0.3", "0.6"})
    void shouldWaitForOneHandlerAsMD1Does(double utilisation) {
        long serviceNanos = 10_000;
        CostProfile profile = CostProfile.FREE.with(Operation.HANDLE_PAGE,
                new Cost(serviceNanos, 0, "the test", Set.of()));

        Report report = run(utilisation * 1e9 / serviceNanos, machine -> machine.handlers(1).costs(profile));

        double waitNanos = report.faults().stageNanos().handler() - serviceNanos;
        assertThat(waitNanos).isCloseTo(utilisation * serviceNanos / (2 * (1 - utilisation)), THREE_PERCENT);
    }

    @ParameterizedTest
    @CsvSource({"2, 0.6", "4, 0.7"})
    void shouldWaitForSeveralFetchSlotsAsMDcDoes(int slots, double utilisation) {
        long serviceNanos = 100_000;

        Report report = run(utilisation * slots * 1e9 / serviceNanos, machine -> machine.handlers(1)
                .fetchers(1)
                .inFlight(slots)
                .sourceTiming(SourceTiming.INSTANT.withLatencyNanos(serviceNanos)));

        double waitNanos = report.faults().stageNanos().fetch() - serviceNanos;
        assertThat(waitNanos).isCloseTo(MDc.meanWait(slots, utilisation) * serviceNanos, THREE_PERCENT);
    }

    @ParameterizedTest
    @CsvSource({"1, 1000000000", "2, 123456789"})
    void shouldReadAtTheRateOfItsLink(int fetchers, long bytesPerSecond) {
        Report report = TestWorld.VIRTUAL.run(machine -> machine.vcpus(64)
                .memory(MemorySize.mebibytes(16))
                .fetchers(fetchers)
                .sourceTiming(SourceTiming.INSTANT.withBytesPerSecond(bytesPerSecond)),
                Workloads.sequential().writeRatio(0).accesses(4096),
                new Limit(12_000_000_000_000_000L / bytesPerSecond));

        double rate = report.io().bytes() * 1e9 / report.virtualNanos();
        assertThat(rate).isCloseTo((double) bytesPerSecond, Percentage.withPercentage(0.1));
    }

    /** Ends a run after so much virtual time. */
    private record Limit(long runForNanos) implements RunProgress {
        @Override
        public void advanced(long done, long planned, long resolved, long halted) {}
    }

    /** Known values: M/D/1 is Pollaczek and Khinchine's, and two servers wait less than half of what one does. */
    @Test
    void shouldComputeTheExactWaitsItComparesWith() {
        assertThat(MDc.meanWait(1, 0.5)).isCloseTo(0.5, within(1e-6));
        assertThat(MDc.meanWait(1, 0.7)).isCloseTo(0.7 / 0.6, within(1e-6));
        assertThat(MDc.meanWait(2, 0.6)).isLessThan(MDc.meanWait(1, 0.6) / 2);
    }
}
