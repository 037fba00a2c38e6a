package io.faultline.wholemachine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.faultline.chaos.ChaosSpec;
import io.faultline.embed.World;
import io.faultline.machine.MachineSpec;
import io.faultline.machine.OracleLevel;
import io.faultline.machine.Report;
import io.faultline.units.MemorySize;
import io.faultline.workload.Workloads;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever fails on purpose, nothing is lost and nothing is wrong. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ChaosTest {
    private static final String ALL = "fetch-error:0.02,fetch-delay:0.02,short-read:0.02,store-error:0.02,"
            + "handler-crash:0.002,fetcher-crash:0.002,memslot-crash:0.001,fetch-stall:0.002,fetch-dead:0.002";

    static Stream<Arguments> kindsInBothWorlds() {
        return Stream.of("fetch-error:0.1", "fetch-delay:0.1@200us", "fetch-stall:0.01", "fetch-dead:0.01",
                "short-read:0.1", "store-error:0.1", "handler-crash:0.01", "fetcher-crash:0.01", ALL)
                .flatMap(chaos -> Stream.of(TestWorld.values()).map(world -> Arguments.of(chaos, world)));
    }

    @ParameterizedTest(name = "{0} in {1}")
    @MethodSource("kindsInBothWorlds")
    void shouldLoseNothingWhatever(String chaos, TestWorld world) {
        Report report = world.run(spec -> spec.chaos(ChaosSpec.parse(chaos))
                .evictAbovePercent(50)
                .fetchAttempts(8)
                .fetchTimeoutNanos(50_000_000), Workloads.random().accesses(4_000).writeRatio(0.5));

        TestWorld.assertSound(report);
        assertThat(report.pages().evicted()).isPositive();
        assertThat(report.faults().retried() + report.pages().saveErrors()).as("something did fail").isPositive();
    }

    @ParameterizedTest
    @EnumSource(TestWorld.class)
    void shouldGiveErrorsToTheWaitersOfAMemslotThatCrashesAndZerosToNobody(TestWorld world) {
        Report report = world.run(spec -> spec.chaos(ChaosSpec.parse("memslot-crash:0.005")).evictAbovePercent(50),
                Workloads.random().accesses(6_000).writeRatio(0.5));

        TestWorld.assertSound(report);
        assertThat(report.faults().failed()).isPositive();
        assertThat(report.faults().poisoned()).isZero();
    }

    @ParameterizedTest
    @EnumSource(TestWorld.class)
    void shouldPoisonAPageThatIsGivenUpAndTellItsReaders(TestWorld world) {
        Report report = world.run(spec -> spec.chaos(ChaosSpec.parse("fetch-error:0.3")).fetchAttempts(2),
                Workloads.random().accesses(4_000).writeRatio(0.3));

        TestWorld.assertSound(report);
        assertThat(report.faults().poisoned()).isPositive();
        assertThat(report.faults().failed()).isGreaterThanOrEqualTo(report.faults().poisoned());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void shouldHoldWithEverythingFailingInEverySchedule(long seed) {
        MachineSpec spec = MachineSpec.builder()
                .vcpus(16)
                .memory(new MemorySize(128 * 4096))
                .memslots(4)
                .inFlight(8)
                .evictAbovePercent(50)
                .chaos(ChaosSpec.parse(ALL))
                .oracle(OracleLevel.FULL)
                .seed(seed)
                .build();

        Report report = World.virtual(seed).run(spec, Workloads.random().accesses(2_500).writeRatio(0.5));

        assertThat(report.brokenInvariants()).as("seed %d", seed).isEmpty();
        assertThat(report.faults().lost()).as("seed %d", seed).isZero();
        assertThat(report.pages().corrupt()).as("seed %d", seed).isZero();
    }
}
