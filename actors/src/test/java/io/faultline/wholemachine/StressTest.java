package io.faultline.wholemachine;

import static io.faultline.wholemachine.TestWorld.assertFlawless;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.faultline.embed.World;
import io.faultline.machine.MachineSpec;
import io.faultline.machine.MachineSpecBuilder;
import io.faultline.machine.Report;
import io.faultline.source.SourceTiming;
import io.faultline.units.MemorySize;
import io.faultline.workload.Workload;
import io.faultline.workload.Workloads;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The machine under every access pattern, in both worlds. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StressTest {
    private static Stream<Arguments> patternsInWorlds() {
        return Stream.of(TestWorld.values())
                .flatMap(world -> Stream
                        .of("sequential", "random", "zipf:1.1", "strided:7")
                        .map(pattern -> Arguments.of(world, pattern)));
    }

    private static MachineSpecBuilder many(MachineSpecBuilder spec) {
        return spec.vcpus(128).memory(MemorySize.mebibytes(4)).memslots(16).handlers(3).fetchers(2).inFlight(32);
    }

    @ParameterizedTest
    @MethodSource("patternsInWorlds")
    void shouldServeEveryPattern(TestWorld world, String pattern) {
        Workload workload = Workloads.registry().create(pattern).accesses(8192).writeRatio(0.3);

        Report report = world.run(StressTest::many, workload);

        assertFlawless(report);
        assertThat(report.accesses().done()).isEqualTo(8192);
        assertThat(report.accesses().writes()).isBetween(2000L, 3000L);
        assertThat(report.io().reads()).isEqualTo(report.pages().installed()).isBetween(100L, 1024L);
        assertThat(report.io().bytes()).isEqualTo(report.io().reads() * 4096);
        assertThat(report.faults().concurrentPeak()).isBetween(2L, 128L);
        assertThat(report.faults().missing()).isEqualTo(report.io().reads());
    }

    @ParameterizedTest
    @MethodSource("patternsInWorlds")
    void shouldFetchAPageOnceForAllWhoWaitForIt(TestWorld world, String pattern) {
        Workload workload = Workloads.registry().create(pattern).accesses(64 * 8).writeRatio(0.3);

        Report report = world.run(spec -> spec.vcpus(64)
                .memory(MemorySize.kibibytes(16))
                .memslots(2)
                .sourceTiming(SourceTiming.INSTANT.withLatencyNanos(2_000_000)), workload);

        assertFlawless(report);
        assertThat(report.io().reads()).as("reads of four pages").isEqualTo(4);
        assertThat(report.pages().installed()).isEqualTo(4);
        assertThat(report.faults().coalesced()).isPositive();
        assertThat(report.faults().concurrentPeak()).isGreaterThan(4);
    }

    @ParameterizedTest
    @EnumSource
    void shouldServeMoreVcpusThanPages(TestWorld world) {
        for (int vcpus : new int[]{3, 4, 5, 6, 9}) {
            Report report = world.run(
                    spec -> spec.vcpus(vcpus).memory(MemorySize.kibibytes(16)).memslots(1),
                    Workloads.sequential().accesses(10L * vcpus));

            assertFlawless(report);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldManageWithTheLeastOfEverything(TestWorld world) {
        Report report = world.run(
                spec -> spec.vcpus(1)
                        .memory(MemorySize.kibibytes(4))
                        .memslots(1)
                        .handlers(1)
                        .fetchers(1)
                        .inFlight(1)
                        .tlbEntries(1),
                Workloads.random().accesses(10).writeRatio(0.5));

        assertFlawless(report);
        assertThat(report.faults().raised()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void shouldEndARunWithoutAccesses(TestWorld world) {
        Report report = world.run(spec -> spec, Workloads.random().accesses(0));

        assertThat(report.brokenInvariants()).isEmpty();
        assertThat(report.accesses().done()).isZero();
        assertThat(report.faults().raised()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void shouldNotReadContentsWhenNothingIsVerified(TestWorld world) {
        Report report = world.run(spec -> spec.verify(false), Workloads.random().accesses(2000).writeRatio(0.3));

        assertThat(report.brokenInvariants()).isEmpty();
        assertThat(report.pages().verified()).isZero();
        assertThat(report.accesses().done()).isEqualTo(2000);
        assertThat(report.accesses().writes()).isBetween(400L, 800L);
    }

    @Test
    void shouldDifferByTheSeedOfTheWorldAndOfTheMachine() {
        Workload workload = Workloads.random().accesses(2000).writeRatio(0.3);
        MachineSpec spec = TestWorld.VIRTUAL.spec(StressTest::many);
        Report one = World.virtual(1).run(spec, workload);
        Report other = World.virtual(2).run(spec, workload);
        Report otherMachine = World.virtual(1).run(TestWorld.VIRTUAL.spec(b -> many(b).seed(99)), workload);

        assertThat(one.traceHash()).isNotEqualTo(other.traceHash()).isNotEqualTo(otherMachine.traceHash());
        assertThat(one.accesses().writes()).as("the world's seed leaves the workload alone")
                .isEqualTo(other.accesses().writes());
        assertThat(one.io().reads()).isEqualTo(other.io().reads());
    }

    @ParameterizedTest
    @MethodSource("patternsInWorlds")
    void shouldMakeTheSameAccessesInEveryWorld(TestWorld world, String pattern) {
        Workload workload = Workloads.registry().create(pattern).accesses(3001).writeRatio(0.3);
        RecordingSource here = new RecordingSource(false);
        RecordingSource there = new RecordingSource(true);

        Report report = world.world().run(world.spec(b -> many(b).verify(false).source(here)), workload);
        Report reference = World.virtual(77)
                .run(TestWorld.VIRTUAL.spec(b -> many(b).verify(false).source(there)), workload);

        assertThat(here.pages()).as("the pages fetched").isEqualTo(there.pages());
        assertThat(here.readCount()).as("each once").isEqualTo(here.pages().size());
        assertThat(report.accesses().done()).isEqualTo(reference.accesses().done()).isEqualTo(3001);
        assertThat(report.accesses().writes()).isEqualTo(reference.accesses().writes());
        assertThat(report.io().reads()).isEqualTo(reference.io().reads());
        assertThat(report.pages().installed()).isEqualTo(reference.pages().installed());
    }
}
