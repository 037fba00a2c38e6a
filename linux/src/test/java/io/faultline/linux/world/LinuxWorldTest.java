package io.faultline.linux.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.TimeUnit;

import io.faultline.chaos.ChaosSpec;
import io.faultline.embed.World;
import io.faultline.linux.LinuxSupport;
import io.faultline.linux.NeedsUserfaultfd;
import io.faultline.linux.NothingLeft;
import io.faultline.machine.MachineSpec;
import io.faultline.machine.MachineSpecBuilder;
import io.faultline.machine.Report;
import io.faultline.source.SourceTiming;
import io.faultline.units.MemorySize;
import io.faultline.workload.Workload;
import io.faultline.workload.Workloads;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A machine's own actors over the real kernel: hundreds of threads on a small memory. */
@ExtendWith({NeedsUserfaultfd.class, NothingLeft.class})
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class LinuxWorldTest {
    private static final int THREADS = 300;
    private static final int PAGES = 2048;
    private static final Workload SHARED = Workloads.random().accesses(20_000).writeRatio(0.5);

    @Test
    void shouldResolveTheFaultsOfHundredsOfThreadsOnPagesOfTheirOwn() {
        Report report = run(machine(), Workloads.sequential().accesses(4L * PAGES).writeRatio(0.5));

        assertHeld(report);
        assertThat(report.world()).isEqualTo("linux");
        assertThat(report.accesses().done()).isEqualTo(4L * PAGES);
        assertThat(report.pages().installed()).isEqualTo(PAGES);
        assertThat(report.faults().missing()).isEqualTo(PAGES);
        assertThat(report.faults().resolved()).isGreaterThanOrEqualTo(PAGES);
        assertThat(report.faults().latencyNanos().max()).isPositive();
        assertThat(report.pages().verified()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void shouldResolveAPageOnceHoweverManyThreadsWaitForIt(int loops) {
        Report report = LinuxWorld.create(LinuxSupport.probe(), loops, 0).run(machine().build(), SHARED);

        assertHeld(report);
        assertThat(report.accesses().done()).isEqualTo(20_000);
        assertThat(report.faults().missing()).isEqualTo(report.pages().installed());
        assertThat(report.faults().raised()).isEqualTo(report.faults().resolved());
    }

    @Test
    void shouldResolveFaultsOfWriteProtectedPages() {
        Report report = run(machine().writeProtectInstalls(true), SHARED);

        assertHeld(report);
        assertThat(report.faults().writeProtect()).isPositive();
    }

    @Test
    void shouldTakeTheSourcesLatencyWithoutBlockingALoop() {
        long latencyNanos = 20_000_000;
        Report report = run(machine().sourceTiming(new SourceTiming(latencyNanos, 0, 0, 0, 0)),
                Workloads.sequential().accesses(THREADS));

        assertHeld(report);
        assertThat(report.faults().latencyNanos().p50()).isGreaterThanOrEqualTo(latencyNanos);
        assertThat(report.faults().concurrentPeak()).isGreaterThan(1);
    }

    @Test
    void shouldHoldFetchesBackUntilSoManyThreadsWait() {
        Report report = run(machine().holdUntilFaults(THREADS), Workloads.sequential().accesses(THREADS));

        assertHeld(report);
        assertThat(report.faults().concurrentPeak()).isEqualTo(THREADS);
    }

    @Test
    void shouldAnswerEfaultInsteadOfZerosWhenNothingCanBeFetched() {
        Report report = run(machine().chaos(ChaosSpec.parse("fetch-error:1.0")),
                Workloads.random().accesses(THREADS).writeRatio(0.5));

        assertHeld(report);
        assertThat(report.faults().failed()).isEqualTo(THREADS);
        assertThat(report.faults().poisoned()).isPositive();
        assertThat(report.faults().raised()).isEqualTo(report.faults().resolved() + report.faults().failed());
        assertThat(report.pages().installed()).isZero();
        assertThat(report.pages().verified()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"fetch-error:0.3", "handler-crash:0.01", "fetcher-crash:0.01", "memslot-crash:0.01",
        "memslot-crash:0.1",
        "fetch-error:0.1,short-read:0.1,handler-crash:0.003,fetcher-crash:0.003,memslot-crash:0.003"})
    void shouldLoseNothingAndShowNoWrongBytesWhenThingsFail(String chaos) {
        Report report = run(machine().chaos(ChaosSpec.parse(chaos)), SHARED);

        assertHeld(report);
        assertThat(report.chaos().values().stream().mapToLong(Long::longValue).sum()).isPositive();
        assertThat(report.accesses().done()).isEqualTo(20_000);
    }

    @Test
    void shouldRefuseThoseWhoWaitWhenTheMachineBreaksOff() {
        MachineSpec spec = machine().sourceTiming(new SourceTiming(TimeUnit.HOURS.toNanos(1), 0, 0, 0, 0))
                .fetchTimeoutNanos(TimeUnit.HOURS.toNanos(2))
                .build();

        assertThatThrownBy(() -> linux().run(spec, new BreakingOff(SHARED, THREADS - 1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("vCPU " + (THREADS - 1) + " died");
    }

    private static void assertHeld(Report report) {
        assertThat(report.brokenInvariants()).as(report.toString()).isEmpty();
        assertThat(report.faults().lost()).isZero();
        assertThat(report.pages().corrupt()).isZero();
    }

    private static MachineSpecBuilder machine() {
        return MachineSpec.builder().vcpus(THREADS).memory(MemorySize.kibibytes(4L * PAGES)).memslots(5);
    }

    private static Report run(MachineSpecBuilder machine, Workload workload) {
        return linux().run(machine.build(), workload);
    }

    private static World linux() {
        return LinuxWorld.create(LinuxSupport.probe());
    }
}
