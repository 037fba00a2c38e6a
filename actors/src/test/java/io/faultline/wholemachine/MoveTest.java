package io.faultline.wholemachine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import io.faultline.chaos.ChaosSpec;
import io.faultline.embed.World;
import io.faultline.flush.FlushPolicies;
import io.faultline.flush.FlushPolicy;
import io.faultline.machine.MachineSpec;
import io.faultline.machine.MachineSpecBuilder;
import io.faultline.machine.OracleLevel;
import io.faultline.machine.PageContents;
import io.faultline.machine.Report;
import io.faultline.machine.ResolveBy;
import io.faultline.memory.PageSize;
import io.faultline.ring.ResolutionPolicies;
import io.faultline.units.MemorySize;
import io.faultline.workload.Workloads;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Pages that are moved into the guest's memory instead of copied, and out of it when they are evicted. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MoveTest {
    private static final String CHAOS = "fetch-error:0.02,fetch-delay:0.02,short-read:0.02,store-error:0.02,"
            + "handler-crash:0.002,fetcher-crash:0.005,memslot-crash:0.002,fetch-stall:0.002,fetch-dead:0.002";
    private static final int FETCHERS = 2;

    static Stream<Arguments> policiesInBothWorlds() {
        return Stream.of("strict", "ring:size=1", "ring:size=8", "ring:size=64")
                .flatMap(policy -> Stream.of(TestWorld.values()).map(world -> Arguments.of(policy, world)));
    }

    private static FlushPolicy policy(String text) {
        return FlushPolicies.registry().create(text);
    }

    private static MachineSpecBuilder moving(MachineSpecBuilder spec, String policy) {
        return spec.resolveBy(ResolveBy.MOVE).flushPolicy(policy(policy)).fetchers(FETCHERS);
    }

    @ParameterizedTest(name = "{0} in {1}")
    @MethodSource("policiesInBothWorlds")
    void shouldInstallEveryPageByAMoveWhoseSourceIsFlushed(String policy, TestWorld world) {
        Report report = world.run(spec -> moving(spec, policy), Workloads.random().accesses(4_000).writeRatio(0.5));

        TestWorld.assertFlawless(report);
        assertThat(report.flush().requests()).isEqualTo(report.pages().installed());
        assertThat(report.flush().ipis()).isPositive();
        assertThat(report.flush().quarantinePeakPages()).isPositive();
    }

    @ParameterizedTest
    @EnumSource(TestWorld.class)
    void shouldInterruptEveryFetchersCpuForEachMoveWhenFlushesAreStrict(TestWorld world) {
        Report report = world.run(spec -> moving(spec, "strict"), Workloads.sequential().writeRatio(0));

        TestWorld.assertFlawless(report);
        assertThat(report.pages().installed()).isEqualTo(256);
        assertThat(report.flush().requests()).isEqualTo(256);
        assertThat(report.flush().batches()).isLessThanOrEqualTo(256);
        assertThat(report.flush().ipisPerPage()).isPositive().isLessThanOrEqualTo(FETCHERS);
    }

    @ParameterizedTest
    @EnumSource(TestWorld.class)
    void shouldInterruptOnceARingWhenFlushesAreDeferred(TestWorld world) {
        Report report = world.run(spec -> moving(spec, "ring:size=16"), Workloads.sequential().writeRatio(0));

        TestWorld.assertFlawless(report);
        assertThat(report.flush().requests()).isEqualTo(256);
        // Threads may run a fetcher short of ranges before the ring is full, and then it is flushed early.
        long mostBatches = world == TestWorld.VIRTUAL ? 256 / 16 : 256 / 8;
        assertThat(report.flush().batches()).isBetween(256L / 16, mostBatches);
        assertThat(report.flush().ipisPerPage()).isPositive().isLessThanOrEqualTo(FETCHERS * mostBatches / 256.0);
        assertThat(report.flush().quarantinePeakPages()).isGreaterThanOrEqualTo(8);
    }

    /** Two fetchers with four pages between them could never fill a ring of 64 by themselves. */
    @ParameterizedTest
    @EnumSource(TestWorld.class)
    void shouldFlushARingThatCannotFillWhenRangesRunShort(TestWorld world) {
        Report report = world.run(spec -> moving(spec, "ring:size=64").inFlight(2),
                Workloads.random().accesses(2_000).writeRatio(0.3));

        TestWorld.assertFlawless(report);
        assertThat(report.pages().installed()).isGreaterThan(200);
        assertThat(report.flush().quarantinePeakPages()).as("no more than there are slots").isLessThanOrEqualTo(8);
    }

    @ParameterizedTest(name = "{0} in {1}")
    @MethodSource("policiesInBothWorlds")
    void shouldMoveEvictedPagesOutAndBringThemBackWithWhatWasWritten(String policy, TestWorld world) {
        Report report = world.run(spec -> moving(spec, policy).evictAbovePercent(40),
                Workloads.random().accesses(4_000).writeRatio(0.5));

        TestWorld.assertSound(report);
        assertThat(report.faults().failed()).isZero();
        assertThat(report.pages().evicted()).isGreaterThan(500);
    }

    @ParameterizedTest(name = "{0} in {1}")
    @MethodSource("policiesInBothWorlds")
    void shouldLoseNothingWhateverFails(String policy, TestWorld world) {
        Report report = world.run(
                spec -> moving(spec, policy).evictAbovePercent(50)
                        .chaos(ChaosSpec.parse(CHAOS))
                        .fetchAttempts(8)
                        .fetchTimeoutNanos(50_000_000),
                Workloads.random().accesses(3_000).writeRatio(0.5));

        TestWorld.assertSound(report);
        assertThat(report.pages().evicted()).isPositive();
    }

    @ParameterizedTest
    @EnumSource(TestWorld.class)
    void shouldReplaceFetchersThatDieWithTheirStagingRanges(TestWorld world) {
        Report report = world.run(
                spec -> moving(spec, "ring:size=8").evictAbovePercent(50).chaos(ChaosSpec.parse("fetcher-crash:0.02")),
                Workloads.random().accesses(3_000).writeRatio(0.5));

        TestWorld.assertSound(report);
        assertThat(report.faults().failed()).isZero();
    }

    @ParameterizedTest
    @EnumSource(TestWorld.class)
    void shouldMoveHugePagesAndTokens(TestWorld world) {
        Report report = world.run(
                spec -> moving(spec, "ring:size=4").memory(MemorySize.mebibytes(64))
                        .pageSize(PageSize.SIZE_2M)
                        .memslots(2)
                        .contents(PageContents.TOKENS)
                        .evictAbovePercent(50),
                Workloads.random().accesses(600).writeRatio(0.5));

        TestWorld.assertSound(report);
        assertThat(report.pages().evicted()).isPositive();
    }

    @ParameterizedTest
    @EnumSource(TestWorld.class)
    void shouldNotFetchAlongAPageThatIsOnItsWayOut(TestWorld world) {
        Report report = world.run(
                spec -> moving(spec, "strict").evictAbovePercent(30)
                        .resolutionPolicy(ResolutionPolicies.prefetch(4)),
                Workloads.random().accesses(4_000).writeRatio(0.6));

        TestWorld.assertSound(report);
        assertThat(report.pages().evicted()).isPositive();
    }

    static Stream<Arguments> schedules() {
        return Stream.of("strict", "ring:size=1", "ring:size=8", "ring:size=64")
                .flatMap(policy -> IntStream.rangeClosed(1, 6).mapToObj(seed -> Arguments.of(policy, seed)));
    }

    @ParameterizedTest(name = "{0}, seed {1}")
    @MethodSource("schedules")
    void shouldHoldUnderTheOracleInEverySchedule(String policy, long seed) {
        MachineSpec spec = moving(MachineSpec.builder(), policy).vcpus(16)
                .memory(new MemorySize(128 * 4096))
                .memslots(4)
                .inFlight(8)
                .evictAbovePercent(50)
                .chaos(ChaosSpec.parse(CHAOS))
                .oracle(OracleLevel.FULL)
                .seed(seed)
                .build();

        Report report = World.virtual(seed).run(spec, Workloads.random().accesses(1_500).writeRatio(0.5));

        assertThat(report.brokenInvariants()).as("seed %d", seed).isEmpty();
    }

    private static Stream<Report> crowds(FlushPolicy policy, OracleLevel oracle) {
        return crowds(4, World::virtual, policy, oracle);
    }

    private static Stream<Report> crowds(int seeds, LongFunction<World> world, FlushPolicy policy, OracleLevel oracle) {
        return LongStream.rangeClosed(1, seeds).mapToObj(seed -> {
            MachineSpec spec = MachineSpec.builder()
                    .vcpus(16)
                    .memory(new MemorySize(128 * 4096))
                    .memslots(2)
                    .inFlight(8)
                    .resolveBy(ResolveBy.MOVE)
                    .flushPolicy(policy)
                    .evictAbovePercent(40)
                    .oracle(oracle)
                    .seed(seed)
                    .build();
            return world.apply(seed).run(spec, Workloads.random().accesses(2_000).writeRatio(0.5));
        });
    }

    /** Race R9, one way: what is received next goes through the stale translation into the page moved away. */
    @ParameterizedTest
    @EnumSource(names = {"FULL", "OFF"})
    void shouldCatchARangeThatIsReceivedIntoBeforeTheRingsFlush(OracleLevel oracle) {
        assertThat(crowds(FlushPolicies.ring(16), oracle)).allMatch(Report::invariantsHeld);

        assertThat(crowds(new HastyRing(FlushPolicies.ring(16)), oracle)).allSatisfy(report -> {
            assertThat(report.invariantsHeld()).isFalse();
            if (oracle == OracleLevel.FULL) {
                assertThat(report.violations()).anySatisfy(violation -> assertThat(violation).contains("O3"));
            } else {
                assertThat(report.pages().corrupt()).isPositive();
            }
        });
    }

    /** Race R9, the other way: the guest writes through the stale translation after the page was saved. */
    @ParameterizedTest
    @EnumSource(names = {"FULL"})
    void shouldCatchARingThatDefersMovesOutOfTheApplicationsRange(OracleLevel oracle) {
        assertThat(crowds(new DeferringRing(FlushPolicies.ring(4)), oracle)).allSatisfy(report -> assertThat(
                report.violations()).anySatisfy(violation -> assertThat(violation).contains("O4")));
    }

    /** On threads it is not in every run. */
    @Test
    void shouldCatchBothOnThreads() {
        assertThat(crowds(4, seed -> World.threads(), FlushPolicies.ring(16), OracleLevel.FULL))
                .allMatch(Report::invariantsHeld);
        assertFoundOnThreads(new HastyRing(FlushPolicies.ring(16)), "O3");
        assertFoundOnThreads(new DeferringRing(FlushPolicies.ring(4)), "O4");
    }

    private static void assertFoundOnThreads(FlushPolicy policy, String invariant) {
        assertThat(crowds(200, seed -> World.threads(), policy, OracleLevel.FULL)
                .flatMap(report -> report.violations().stream())
                .anyMatch(violation -> violation.contains(invariant))).as(invariant).isTrue();
    }
}
