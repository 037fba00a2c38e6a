package io.faultline.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;

import io.faultline.explore.Explorer;
import io.faultline.explore.Finding;
import io.faultline.explore.SwimLanes;
import io.faultline.explore.Variant;
import io.faultline.schedule.Schedule;
import org.junit.jupiter.api.Test;

class MigrateAgainstZapTest {
    private static final int SEEDS = 2_000;

    private final MigrateAgainstZap race = new MigrateAgainstZap();

    @Test
    void shouldBreakO1AndShowTheStepsOfTheCommitMessage() {
        Finding finding = Objects.requireNonNull(
                new Explorer(Schedule.random()).explore(race, Variant.BROKEN, 1, SEEDS).finding());

        assertThat(finding.breach().invariant()).isEqualTo("O1");
        List<String> lines = SwimLanes.of(finding.shortest());
        assertThat(lines).anyMatch(line -> line.contains("ptep_get_and_clear page 0: pte_none"));
        assertThat(lines).anyMatch(line -> line.startsWith("\u2717") && line.contains("read page 0: cached, frame 0"));
        assertThat(Explorer.replay(race, Variant.BROKEN, finding.found().schedule())).isEqualTo(finding.found());
    }

    @Test
    void shouldHoldWithItsFixAndHideFromFirstComeFirstServed() {
        assertThat(new Explorer(Schedule.random()).explore(race, Variant.FIXED, 1, SEEDS).finding()).isNull();
        assertThat(new Explorer(Schedule.fifo()).explore(race, Variant.BROKEN, 1, 1).finding()).isNull();
    }
}
