package io.faultline.actors;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

import io.faultline.flush.FlushPolicies;
import io.faultline.machine.MachineSpec;
import io.faultline.machine.MachineSpecBuilder;
import io.faultline.machine.OracleLevel;
import io.faultline.machine.Report;
import io.faultline.machine.ResolveBy;
import io.faultline.source.SourceTiming;
import io.faultline.units.MemorySize;
import io.faultline.workload.Workloads;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What {@link WrongOnPurposeTest} does in virtual time, on threads: there the oracle says nothing of what is right, and
 * finds what is wrong, though perhaps not in the first run.
 */
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WrongOnThreadsTest {
    private static final int RUNS_UNTIL_FOUND = 200;
    private static final int ACCESSES = 10_000;

    private static MachineSpecBuilder evicting(OracleLevel oracle) {
        return MachineSpec.builder()
                .vcpus(16)
                .memory(new MemorySize(128 * 4096))
                .memslots(2)
                .inFlight(16)
                .sourceTiming(SourceTiming.INSTANT.withLatencyNanos(20_000))
                .evictAbovePercent(40)
                .oracle(oracle);
    }

    private static Report run(MachineSpecBuilder spec, Workshop workshop, long seed) {
        return DoubledMachine.runOnThreads(spec.seed(seed).build(),
                Workloads.random().accesses(ACCESSES).writeRatio(0.5), workshop);
    }

    private static void assertFound(MachineSpecBuilder spec, Workshop workshop, String invariant, String what) {
        String found = LongStream.rangeClosed(1, RUNS_UNTIL_FOUND)
                .mapToObj(seed -> run(spec, workshop, seed))
                .flatMap(report -> report.violations().stream())
                .filter(violation -> violation.contains(invariant) && violation.contains(what))
                .findFirst()
                .orElse("nothing of " + invariant + " in " + RUNS_UNTIL_FOUND + " runs");
        assertThat(found).contains(what).containsPattern("CPU \\[\\d+").contains("page 0x", " ns, ", "seed ");
    }

    @Test
    void shouldCatchAnEvictionThatSavesBeforeTheFlush() {
        assertFound(evicting(OracleLevel.FULL), new SavesBeforeTheFlush(), "O4",
                "can write through a stale translation to a page that was copied");
    }

    @Test
    void shouldCatchFramesThatAreReusedWhenADeferredUnmapIsComplete() {
        assertFound(evicting(OracleLevel.FULL).flushPolicy(FlushPolicies.parse("flush-queue")),
                new ReleasesWhenComplete(), "O2", "translation to a frame that was reallocated");
    }

    @Test
    void shouldCatchPagesThatAreReusedWhenADeferredUnmapIsComplete() {
        assertFound(evicting(OracleLevel.FULL).flushPolicy(FlushPolicies.parse("flush-queue")),
                new ReleasesWhenComplete(), "O3", "translation of a virtual range that was reused");
    }

    @Test
    void shouldCatchThemWhereOneOfManyPagesIsWatchedOnly() {
        assertFound(evicting(OracleLevel.SAMPLED).memory(new MemorySize(256 * 4096))
                .flushPolicy(FlushPolicies.parse("flush-queue")), new ReleasesWhenComplete(), "O3",
                "translation of a virtual range that was reused");
    }

    @ParameterizedTest
    @ValueSource(strings = {"strict", "concurrent", "reclaim-batch", "lazy", "broadcast", "paravirt", "access-tracking",
        "early-ack", "luf", "flush-queue", "per-call", "pipelined", "ring", "ring:size=64+lazy"})
    void shouldSayNothingOfAPolicyThatKeepsItsContract(String policy) {
        for (ResolveBy how : ResolveBy.values()) {
            Report report = run(evicting(OracleLevel.FULL).flushPolicy(FlushPolicies.parse(policy)).resolveBy(how),
                    Workshop.STANDARD, 1);

            assertThat(report.brokenInvariants()).as("%s by %s: %s", policy, how, report.violations()).isEmpty();
        }
    }
}
