package io.faultline.races;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import java.util.stream.Stream;

import io.faultline.explore.Breach;
import io.faultline.explore.Exploration;
import io.faultline.explore.Explorer;
import io.faultline.explore.Finding;
import io.faultline.explore.Scenario;
import io.faultline.explore.Variant;
import io.faultline.schedule.Schedule;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class RacesTest {
    private static final int BROKEN_SEEDS = 2_000;
    /** The 20 000 that a fix has to survive are tried by a documented command, which a test of the command line runs. */
    private static final int FIXED_SEEDS = 3_000;

    static Stream<Scenario> races() {
        return Races.registry().all().stream().map(race -> Races.registry().create(race.name()));
    }

    @ParameterizedTest
    @MethodSource("races")
    void shouldHideItsBugFromFirstComeFirstServed(Scenario race) {
        for (Variant variant : Variant.values()) {
            assertThat(new Explorer(Schedule.fifo()).explore(race, variant, 1, 1).finding()).as("%s", variant).isNull();
        }
    }

    @ParameterizedTest
    @MethodSource("races")
    void shouldShowItsBugAndReplayItOnTheFirstTry(Scenario race) {
        for (Schedule schedule : new Schedule[]{Schedule.random(), Schedule.pct(3)}) {
            Exploration found = new Explorer(schedule).explore(race, Variant.BROKEN, 1, BROKEN_SEEDS);
            Finding finding = Objects.requireNonNull(found.finding(), race.name() + " under " + schedule);

            assertThat(new Explorer(schedule).explore(race, Variant.BROKEN, finding.seed(), 1).finding())
                    .isEqualTo(finding);
            assertThat(Explorer.replay(race, Variant.BROKEN, finding.found().schedule())).isEqualTo(finding.found());
            assertThat(Explorer.replay(race, Variant.BROKEN, finding.shortest().schedule()))
                    .isEqualTo(finding.shortest());
        }
    }

    @ParameterizedTest
    @MethodSource("races")
    void shouldBeFixedByItsFix(Scenario race) {
        Exploration random = new Explorer(Schedule.random()).explore(race, Variant.FIXED, 1, FIXED_SEEDS);
        assertThat(random.finding()).isNull();
        assertThat(random.seeds()).isEqualTo(FIXED_SEEDS);
        assertThat(new Explorer(Schedule.pct(3)).explore(race, Variant.FIXED, 1, FIXED_SEEDS / 10).finding()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "eexist-taken-for-woken, " + Breach.NOBODY_WAITS,
        "eagain-retried-without-reading-the-event, " + Breach.NOBODY_TRIES,
        "pagefault-read-before-the-remove-that-caused-it, " + RaceMemory.ZEROS,
        "stale-source-page-after-a-remove, " + RaceMemory.ZEROS,
        "wake-lost-between-check-and-wait, " + Breach.NOBODY_WAITS,
        "close-with-waiters, '" + RaceMemory.SOURCE + "'",
        "install-after-the-handler-was-replaced, " + RaceMemory.WRITES,
        "partial-copy-whose-length-was-forgotten, what counts as installed is there",
        "r1-mremap-against-truncate, O2",
        "r2-mprotect-against-reclaim, O1",
        "r3-zap-against-zap, O1",
        "r3-madv-free-against-madv-free, O8",
        "r4-uffd-wp-against-cow, O4",
        "r4-uffd-wp-on-four-cpus, O4",
        "r5-switching-cpu-skipped, O1",
        "r6-preempted-mid-instruction, O1",
        "r7-generation-reorder, O6",
        "r8-early-ack-of-freed-tables, O5",
        "r9-ring-range-recycled, O3",
        "r9-ring-defers-move-out, O4"
    })
    void shouldBreakTheInvariantItIsAbout(String name, String invariant) {
        Exploration found = new Explorer(Schedule.random())
                .explore(Races.registry().create(name), Variant.BROKEN, 1, BROKEN_SEEDS);

        assertThat(Objects.requireNonNull(found.finding()).breach().invariant()).isEqualTo(invariant);
    }
}
