package io.faultline.actors;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.LongStream;

import io.faultline.chaos.ChaosSpec;
import io.faultline.flush.FlushPolicies;
import io.faultline.machine.MachineSpec;
import io.faultline.machine.MachineSpecBuilder;
import io.faultline.machine.OracleLevel;
import io.faultline.machine.Report;
import io.faultline.source.SourceTiming;
import io.faultline.units.MemorySize;
import io.faultline.workload.Workloads;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A safety rule left out on purpose is found out by what watches every run, and what is found tells which rule it was.
 * These are whole machines of the real actors, which differ from any other in that rule only.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WrongOnPurposeTest {
    private static final int SEEDS = 8;
    private static final Pattern LOST_WRITES =
            Pattern.compile("expected the source's 0x[0-9a-f]+ and \\d+ writes, found .* lost");
    private static final int SEEDS_UNTIL_LOST = 100;
    private static final int ACCESSES = 1_500;

    /** Sixteen vCPUs crowd on few pages, and reads take long enough for something to happen meanwhile. */
    private static MachineSpecBuilder crowd() {
        return MachineSpec.builder()
                .vcpus(16)
                .memory(new MemorySize(64 * 4096))
                .memslots(2)
                .inFlight(16)
                .sourceTiming(SourceTiming.INSTANT.withLatencyNanos(20_000))
                .oracle(OracleLevel.FULL);
    }

    private static void eachSeed(MachineSpecBuilder spec, Workshop workshop, Consumer<Report> check) {
        LongStream.rangeClosed(1, SEEDS)
                .mapToObj(seed -> runOne(spec, workshop, seed))
                .forEach(check);
    }

    private static Report runOne(MachineSpecBuilder spec, Workshop workshop, long seed) {
        return DoubledMachine.run(spec.seed(seed).build(), Workloads.random().accesses(ACCESSES).writeRatio(0.5),
                workshop);
    }

    private static void assertNothingFound(MachineSpecBuilder spec, Workshop workshop) {
        eachSeed(spec, workshop,
                report -> assertThat(report.brokenInvariants()).as("seed %d", report.seed()).isEmpty());
    }

    private static MachineSpecBuilder evicting() {
        return crowd().evictAbovePercent(40);
    }

    @Test
    void shouldCatchAnEvictionThatSavesBeforeTheFlush() {
        assertNothingFound(evicting(), Workshop.STANDARD);

        eachSeed(evicting(), new SavesBeforeTheFlush(), report -> {
            assertThat(report.flush().violations()).as("seed %d", report.seed()).isPositive();
            assertThat(report.violations()).as("seed %d", report.seed())
                    .anySatisfy(violation -> assertThat(violation)
                            .contains("O4", "can write through a stale translation to a page that was copied"));
        });
    }

    /** Without the oracle it is found out when a write was lost, which is not in every schedule. */
    @Test
    void shouldSeeTheWritesLostByAnEvictionThatSavesBeforeTheFlush() {
        MachineSpecBuilder spec = evicting().oracle(OracleLevel.OFF);

        boolean found = LongStream.rangeClosed(1, SEEDS_UNTIL_LOST)
                .mapToObj(seed -> runOne(spec, new SavesBeforeTheFlush(), seed))
                .flatMap(report -> report.violations().stream())
                .anyMatch(LOST_WRITES.asPredicate());

        assertThat(found).as("lost writes seen in one of %d seeds", SEEDS_UNTIL_LOST).isTrue();
    }

    @Test
    void shouldCatchAWakeThatIsLostBetweenCheckAndWait() {
        assertNothingFound(crowd(), Workshop.STANDARD);

        eachSeed(crowd().vcpus(32), new LosesWakes(false, false), report -> {
            assertThat(report.faults().lost()).as("seed %d", report.seed()).isPositive();
            assertThat(report.brokenInvariants()).as("seed %d", report.seed())
                    .containsExactly("faults.lost is " + report.faults().lost()
                            + ", must be 0: vCPUs still halted when the machine was idle");
        });
    }

    @Test
    void shouldLoseNoWakeWhileOneOfTheTwoWhoSeeToItDoes() {
        assertNothingFound(crowd(), new LosesWakes(false, true));
        assertNothingFound(crowd(), new LosesWakes(true, false));
    }

    @Test
    void shouldCatchAnInstallAfterReplaced() {
        MachineSpecBuilder crashing = evicting().chaos(ChaosSpec.parse("handler-crash:0.02"));
        assertNothingFound(crashing, new KeepsInstallsBack(true));

        eachSeed(crashing, new KeepsInstallsBack(false), report -> {
            assertThat(report.pages().corrupt()).as("seed %d", report.seed()).isPositive();
            assertThat(report.violations()).as("seed %d", report.seed())
                    .allSatisfy(violation -> assertThat(violation)
                            .containsPattern("expected the source's 0x[0-9a-f]+ and \\d+.* writes, found .* lost"));
        });
    }

    @Test
    void shouldCatchFramesAndPagesThatAreReusedWhenADeferredUnmapIsComplete() {
        MachineSpecBuilder deferring = evicting().flushPolicy(FlushPolicies.parse("flush-queue"));
        assertNothingFound(deferring, Workshop.STANDARD);

        List<String> found = new ArrayList<>();
        // Not under every seed: what a CPU holds that has finished harms nobody.
        eachSeed(deferring, new ReleasesWhenComplete(), report -> found.addAll(report.violations()));
        assertThat(found)
                .anySatisfy(one -> assertThat(one).contains("O2", "translation to a frame that was reallocated"))
                .anySatisfy(one -> assertThat(one).contains("O3", "translation of a virtual range that was reused"));
    }
}
