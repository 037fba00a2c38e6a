package io.faultline.lab.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;

import io.faultline.registry.InvalidInputException;
import org.junit.jupiter.api.Test;

class SweepMatrixTest {
    @Test
    void shouldMultiplyOutInThePlansOrder() {
        SweepMatrix matrix = SmallSweep.matrix("strict,ring:size=8,timeout=1ms,ring:size=8..16x2", 2);

        assertThat(matrix.plan().policies()).containsExactly("strict", "ring:size=8,timeout=1ms", "ring:size=8",
                "ring:size=16");
        assertThat(matrix.points()).hasSize(2 * 2 * 4 * 2);
        assertThat(matrix.points().subList(0, 3)).containsExactly(
                new SweepPoint(0, new Scene("bare-2s16c", 2, 1, "munmap-storm:calls=5"), "strict", 1),
                new SweepPoint(1, new Scene("bare-2s16c", 2, 1, "munmap-storm:calls=5"), "strict", 2),
                new SweepPoint(2, new Scene("bare-2s16c", 2, 1, "munmap-storm:calls=5"), "ring:size=8,timeout=1ms", 1));
        assertThat(matrix.points()).extracting(SweepPoint::index).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void shouldNotRunTheSameTwice() {
        assertThat(SmallSweep.matrix("ring:size=8,ring:size=8..16x2,ring:size=8", 1).plan().policies())
                .containsExactly("ring:size=8", "ring:size=16");
    }

    @Test
    void shouldListWhatDoesNotFitTogether() {
        SweepMatrix matrix = SweepMatrix.of(SmallSweep.plan(Map.of(PlanKey.POLICIES, "strict", PlanKey.OVERCOMMIT,
                "1,3")));

        assertThat(matrix.points()).extracting(point -> point.scene().vcpus() + "/" + point.scene().overcommit())
                .contains("2/1", "3/1", "3/3")
                .doesNotContain("2/3");
        assertThat(matrix.skipped()).hasSize(2)
                .first()
                .isEqualTo(new Skipped(
                        new Scene("bare-2s16c", 2, 3, "munmap-storm:calls=5"), "strict",
                        "2 vCPUs are too few to take turns 3 to a CPU"));
    }

    @Test
    void shouldRefuseASweepOfNothing() {
        SweepPlan plan = SmallSweep.plan(Map.of(PlanKey.OVERCOMMIT, "4"));

        assertThatThrownBy(() -> SweepMatrix.of(plan)).isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("the sweep is empty")
                .hasMessageContaining("too few to take turns 4 to a CPU");
    }

    @Test
    void shouldRefuseASweepWithoutEnd() {
        SweepPlan plan = SmallSweep.plan(Map.of(PlanKey.SEEDS, "10000"));

        assertThatThrownBy(() -> SweepMatrix.of(plan)).hasMessageContaining("at most 100000");
    }

    /** So that whoever reads the figures can look at the run. */
    @Test
    void shouldSayHowToRunAPointAgain() {
        SweepPoint point = new SweepPoint(3, new Scene("bare-2s16c", 8, 2, "post-copy:pages=4"), "ring:size=8", 5);

        assertThat(point.command()).isEqualTo("flush-lab --policies ring:size=8 --profiles bare-2s16c --vcpus 8"
                + " --overcommit 2 --workload post-copy:pages=4 --seeds 1 --seed 5");
    }
}
