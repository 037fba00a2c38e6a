package io.faultline.lab.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

class SweepTest {
    @Test
    void shouldGiveTheSameInThePlansOrderHoweverManyRunAtOnce() throws Exception {
        SweepMatrix matrix = SmallSweep.matrix("strict,ring:size=4,latr", 2);
        List<SweepRun> told = new ArrayList<>();

        List<SweepRun> one = Sweep.run(matrix, SweepJournal.none(), 1, told::add);
        List<SweepRun> many = Sweep.run(matrix, SweepJournal.none(), 7, run -> {});

        assertThat(many).isEqualTo(one);
        assertThat(told).isEqualTo(one);
        assertThat(one).extracting(SweepRun::point).isEqualTo(matrix.points());
        assertThat(SweepCsv.of(SweepResult.of(matrix, many))).isEqualTo(SweepCsv.of(SweepResult.of(matrix, one)))
                .startsWith("profile,vcpus,overcommit,workload,policy,seed,violations,broke,");
    }

    @Test
    void shouldMarkAPolicyThatBreaksItsContract() throws Exception {
        SweepMatrix matrix = SweepMatrix.of(SmallSweep.plan(Map.of(PlanKey.WORKLOAD, "munmap-shared:calls=20",
                PlanKey.POLICIES, "strict," + OwnCpuOnly.class.getName())));
        SweepResult result = SweepResult.of(matrix, Sweep.run(matrix, SweepJournal.none(), 2, run -> {}));

        assertThat(result.unsafe()).isNotEmpty()
                .allSatisfy(run -> assertThat(run.point().policy()).endsWith("OwnCpuOnly"));
        assertThat(result.scenes()).anySatisfy(scene -> {
            assertThat(scene.policies()).extracting(PolicyFigures::isSafe).containsExactly(true, false);
            assertThat(scene.pareto()).extracting(PolicyFigures::policy).containsExactly("strict");
        });
    }

    @Test
    void shouldGoOnWhenAPolicyBreaksARunOff() throws Exception {
        SweepMatrix matrix = SmallSweep.matrix(NeverDone.class.getName() + ",strict", 1);
        SweepResult result = SweepResult.of(matrix, Sweep.run(matrix, SweepJournal.none(), 2, run -> {}));

        assertThat(result.runs()).hasSize(8);
        assertThat(result.unsafe()).hasSize(4)
                .allSatisfy(run -> assertThat(run.complaint()).startsWith("broke off: ").contains("wait for ever"));
        assertThat(SweepCsv.of(result)).contains(",NeverDone,1,,".replace("NeverDone", NeverDone.class.getName()));
    }

    @Test
    void shouldEndWhenTheJournalCannotBeWritten() throws IOException {
        SweepMatrix matrix = SmallSweep.matrix("strict", 2);
        var full = Files.createTempFile("sweep", ".journal");
        SweepJournal closed = SweepJournal.open(full, matrix);
        closed.close();
        try {
            assertThatThrownBy(() -> Sweep.run(matrix, closed, 2, run -> {})).isInstanceOf(IOException.class);
        } finally {
            Files.delete(full);
        }
    }
}
