package io.faultline.wholemachine;

import static io.faultline.wholemachine.TestWorld.assertFlawless;
import static io.faultline.wholemachine.TestWorld.assertSound;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import io.faultline.chaos.ChaosSpec;
import io.faultline.cost.Cost;
import io.faultline.cost.CostProfile;
import io.faultline.cost.CostProfiles;
import io.faultline.cost.Operation;
import io.faultline.embed.World;
import io.faultline.machine.Report;
import io.faultline.machine.RunProgress;
import io.faultline.machine.SlowFault;
import io.faultline.registry.InvalidInputException;
import io.faultline.source.SourceTiming;
import io.faultline.units.MemorySize;
import io.faultline.workload.Workloads;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CostTest {
    private static final CostProfile BARE = CostProfiles.of("bare-2s16c");
    private static final long LATENCY_NANOS = 37_123;

    private static long sum(Operation... operations) {
        long nanos = 0;
        for (Operation operation : operations) {
            nanos += BARE.nanos(operation);
        }
        return nanos;
    }

    /** From the access to the handler, and from the install to the access tried again: the same for every fault. */
    private static long aroundNanos() {
        long raised = sum(Operation.ACCESS, Operation.REFILL, Operation.FAULT_EXIT);
        long reported = sum(Operation.FAULT_QUEUE, Operation.WAKE_THREAD, Operation.THREAD_WAKE, Operation.READ_CALL,
                Operation.FAULT_READ);
        long woken = sum(Operation.MAP_PAGE, Operation.WAKE_CALL, Operation.WAKE_SCAN, Operation.WAKE_THREAD,
                Operation.THREAD_WAKE, Operation.FAULT_RESUME);
        return raised + reported + sum(Operation.HANDLE_PAGE) + woken;
    }

    @Test
    void shouldTakeTheSumOfItsCostsAndTheSourcesLatencyToTheNanosecond() {
        Report report = TestWorld.VIRTUAL.run(machine -> machine.vcpus(1)
                .memslots(1)
                .memory(MemorySize.parse("32KiB"))
                .inFlight(4)
                .costs(BARE)
                .sourceTiming(SourceTiming.INSTANT.withLatencyNanos(LATENCY_NANOS)),
                Workloads.sequential().writeRatio(0).accesses(8));

        long byHand = aroundNanos() + sum(Operation.FETCH_PAGE) + LATENCY_NANOS
                + sum(Operation.MM_LOCK, Operation.COPY_CALL, Operation.COPY_PAGE);
        assertFlawless(report);
        assertThat(report.faults().slowest()).hasSize(8)
                .extracting(SlowFault::latencyNanos)
                .containsOnly(byHand);
        // Each fault begins when the access before it has been tried again, which walked the tables once more.
        assertThat(report.virtualNanos()).isEqualTo(8 * (byHand + sum(Operation.ACCESS, Operation.REFILL)));
    }

    @Test
    void shouldTakeTheSumOfItsCostsWithoutAFetch() {
        Report report = TestWorld.VIRTUAL.run(machine -> machine.vcpus(1)
                .memslots(1)
                .memory(MemorySize.parse("32KiB"))
                .inFlight(4)
                .costs(BARE)
                .minorFaults(true),
                Workloads.sequential().writeRatio(0).accesses(8));

        long byHand = aroundNanos() + sum(Operation.MM_LOCK, Operation.CONTINUE_CALL, Operation.CONTINUE_PAGE);
        assertThat(report.faults().slowest()).hasSize(8)
                .extracting(SlowFault::latencyNanos)
                .containsOnly(byHand);
    }

    @Test
    void shouldTakeTimeForAccessesThatHit() {
        Report report = TestWorld.VIRTUAL.run(machine -> machine.vcpus(1)
                .memslots(1)
                .memory(MemorySize.parse("4KiB"))
                .inFlight(1)
                .costs(BARE)
                .minorFaults(true),
                Workloads.sequential().writeRatio(0).accesses(100_001));

        long fault = aroundNanos() + sum(Operation.MM_LOCK, Operation.CONTINUE_CALL, Operation.CONTINUE_PAGE);
        assertThat(report.virtualNanos())
                .isEqualTo(fault + sum(Operation.REFILL) + 100_001 * BARE.nanos(Operation.ACCESS));
    }

    @Test
    void shouldChargeAnInterruptToTheCpuThatTakesItAndSayHowLongItWaited() {
        Report report = TestWorld.VIRTUAL.run(machine -> machine.costs(BARE).evictAbovePercent(50),
                Workloads.random().accesses(4_000));

        assertSound(report);
        assertThat(report.flush().ipis()).isPositive();
        assertThat(report.flush().victimStolenNanos().p50()).isGreaterThanOrEqualTo(BARE.nanos(Operation.IPI_ENTRY));
        assertThat(report.accesses().sliceOverrunNanosMax()).isBetween(1L, 1_000L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bare-8s120c", "guest-80vcpu", "guest-zen4-2vcpu"})
    void shouldHoldEveryInvariantWhenOperationsWaitForLanes(String profile) {
        Report report = TestWorld.VIRTUAL.run(machine -> machine.vcpus(32)
                .handlers(2)
                .evictAbovePercent(50)
                .writeProtectInstalls(true)
                .costs(CostProfiles.of(profile))
                .sourceTiming(SourceTiming.INSTANT.withLatencyNanos(20_000)), Workloads.random().accesses(8_000));

        assertSound(report);
        assertThat(report.faults().failed()).isZero();
    }

    /** Who crashes has operations that wait for its lane: they die with it, and are asked for again. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void shouldSurviveCrashesWhileOperationsWait(long seed) {
        ChaosSpec crashes = ChaosSpec.parse("handler-crash:0.02,fetcher-crash:0.02,memslot-crash:0.005");
        Report report = TestWorld.VIRTUAL.run(machine -> machine.vcpus(32)
                .seed(seed)
                .chaos(crashes)
                .costs(BARE)
                .sourceTiming(SourceTiming.INSTANT.withLatencyNanos(20_000)), Workloads.random().accesses(4_000));

        assertSound(report);
    }

    /** A batch takes its locks once for each page, and must not wait for itself: its cost grows with its pages alone. */
    @Test
    void shouldTakeNoLongerForABatchThanForItsFaultsOneByOne() {
        int vcpus = 64;
        Report report = TestWorld.VIRTUAL.run(machine -> machine.vcpus(vcpus).memslots(1).costs(BARE).minorFaults(true),
                Workloads.sequential().writeRatio(0).accesses(vcpus));

        long alone = aroundNanos() + sum(Operation.MM_LOCK, Operation.CONTINUE_CALL, Operation.CONTINUE_PAGE);
        long handoffs = 2L * vcpus * BARE.nanos(Operation.LOCK_HANDOFF);
        long scans = (long) vcpus * vcpus * BARE.nanos(Operation.WAKE_SCAN);
        assertThat(report.faults().raised()).isEqualTo(vcpus);
        assertThat(report.faults().latencyNanos().max()).isLessThan(vcpus * alone + handoffs + scans);
    }

    @Test
    void shouldSpreadCostsOverWhatTheProfileSays() {
        Cost spread = new Cost(1_000, 400, "the test", Set.of());
        CostProfile profile = CostProfile.FREE.with(Operation.HANDLE_PAGE, spread);
        Report report = TestWorld.VIRTUAL.run(machine -> machine.vcpus(1).memslots(1).costs(profile),
                Workloads.sequential().writeRatio(0).accesses(256));

        assertThat(report.faults().latencyNanos().max()).isBetween(1_300L, 1_400L);
        assertThat((double) report.faults().stageNanos().handler()).isBetween(950.0, 1_050.0);
    }

    @Test
    void shouldEndAfterTheTimeThatItWasGiven() {
        long nanos = 3_000_000;
        RunProgress limit = new RunProgress() {
            @Override
            public void advanced(long done, long planned, long resolved, long halted) {}

            @Override
            public long runForNanos() {
                return nanos;
            }
        };
        Report report = TestWorld.VIRTUAL.run(machine -> machine.costs(BARE),
                Workloads.random().accesses(Long.MAX_VALUE), limit);

        assertThat(report.virtualNanos()).isBetween(nanos, nanos + 100_000);
        assertThat(report.faults().lost()).isZero();
        assertThat(report.accesses().done()).isPositive();
    }

    @Test
    void shouldMakeAccessesWhenTheyAreDue() {
        List<Report> reports = new ArrayList<>();
        for (long seed = 1; seed <= 2; seed++) {
            long each = seed;
            reports.add(TestWorld.VIRTUAL.run(machine -> machine.seed(each).arrivalsPerSecond(10_000),
                    Workloads.sequential().accesses(80_000)));
        }

        // 8 vCPUs, 10 000 accesses each at 10 000 a second.
        assertThat(reports).allSatisfy(report -> {
            assertFlawless(report);
            assertThat(report.virtualNanos()).isBetween(970_000_000L, 1_050_000_000L);
        });
        assertThat(reports.getFirst().virtualNanos()).isNotEqualTo(reports.getLast().virtualNanos());
    }

    @Test
    void shouldRefuseArrivalsOnThreadsAndIgnoreCostsThere() {
        assertThatThrownBy(() -> World.threads()
                .run(TestWorld.THREADS.spec(machine -> machine.arrivalsPerSecond(10)),
                        Workloads.sequential().accesses(8)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("10.0/s")
                .hasMessageContaining("virtual");
        CostProfile anHour =
                CostProfile.FREE.with(Operation.HANDLE_PAGE, new Cost(Cost.NANOS_MAX, 0, "test", Set.of()));

        assertFlawless(TestWorld.THREADS.run(machine -> machine.costs(anHour), Workloads.sequential().accesses(1_000)));
    }
}
