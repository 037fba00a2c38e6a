package io.faultline.lab.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.faultline.registry.InvalidInputException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileJournalTest {
    private final SweepMatrix matrix = SmallSweep.matrix("strict,concurrent", 2);

    @TempDir
    private Path folder = Path.of("");

    private Path path = folder;

    @BeforeEach
    void name() {
        path = folder.resolve("sweep.csv.journal");
    }

    @Test
    void shouldGoOnWhereItWas() throws Exception {
        List<SweepRun> uninterrupted = Sweep.run(matrix, SweepJournal.none(), 1, run -> {});
        keep(uninterrupted.subList(0, 5));
        List<SweepRun> rest = new ArrayList<>();
        try (SweepJournal journal = SweepJournal.open(path, matrix)) {
            assertThat(journal.runs().values()).containsExactlyElementsOf(uninterrupted.subList(0, 5));
            assertThat(Sweep.run(matrix, journal, 1, rest::add)).isEqualTo(uninterrupted);
        }

        assertThat(rest).isEqualTo(uninterrupted.subList(5, uninterrupted.size()));
        try (SweepJournal journal = SweepJournal.open(path, matrix)) {
            assertThat(journal.runs()).hasSize(uninterrupted.size());
        }
    }

    /** Wherever in the line the power went. */
    @Test
    void shouldIgnoreALastLineThatIsHalf() throws Exception {
        List<SweepRun> runs = Sweep.run(matrix, SweepJournal.none(), 1, run -> {}).subList(0, 3);
        keep(runs);
        byte[] whole = Files.readAllBytes(path);
        for (int lost : new int[]{1, 2, 40}) {
            Files.write(path, Arrays.copyOf(whole, whole.length - lost));
            try (SweepJournal journal = SweepJournal.open(path, matrix)) {
                assertThat(journal.runs()).as("%d bytes lost", lost).hasSize(2);
                journal.append(runs.get(2));
            }
            assertThat(Files.readAllBytes(path)).as("%d bytes lost", lost).isEqualTo(whole);
        }
    }

    @Test
    void shouldBeginAnewWhenEvenTheFirstLineIsHalf() throws IOException {
        Files.writeString(path, "{\"journal\":\"fault");
        try (SweepJournal journal = SweepJournal.open(path, matrix)) {
            assertThat(journal.runs()).isEmpty();
        }
        SweepJournal.open(path, matrix).close();
    }

    @Test
    void shouldRefuseTheJournalOfAnotherSweep() throws IOException {
        SweepJournal.open(path, matrix).close();

        refuses(SmallSweep.matrix("strict,concurrent", 3), "is the journal of another sweep");
        refuses(SmallSweep.matrix("concurrent,strict", 2), "is the journal of another sweep");
    }

    @Test
    void shouldRefuseWhatIsNoJournal() throws IOException {
        Files.writeString(path, "a file of somebody's\n");
        refuses(matrix, "is no journal of flush-lab");
        assertThat(path).hasContent("a file of somebody's\n");
        Files.writeString(path, "{\"journal\":\"faultline flush-lab 0\",\"sweep\":\"x\"}\n");
        refuses(matrix, "no journal of this version");
    }

    @Test
    void shouldRefuseADamagedLineInTheMiddle() throws Exception {
        keep(Sweep.run(matrix, SweepJournal.none(), 1, run -> {}).subList(0, 1));
        Files.writeString(path, "{\"run\":1,\"res\n", StandardOpenOption.APPEND);
        refuses(matrix, "line 3: damaged");
    }

    @Test
    void shouldRefuseARunThatThePlanHasNot() throws IOException {
        SweepJournal.open(path, matrix).close();
        Files.writeString(path, "{\"run\":99,\"result\":null,\"broke\":\"x\"}\n", StandardOpenOption.APPEND);
        refuses(matrix, "line 2: run 99 is not one of the sweep's");
    }

    @Test
    void shouldRefuseToShareItWithAnotherSweep() throws IOException {
        try (SweepJournal _ = SweepJournal.open(path, matrix)) {
            refuses(matrix, "another sweep is writing to it");
        }
    }

    /** Else half of the rows would be of one program and half of another. */
    @Test
    void shouldRefuseResultsThatThisVersionWouldNotGive() throws Exception {
        List<SweepRun> runs = Sweep.run(matrix, SweepJournal.none(), 1, run -> {});
        keep(List.of(new SweepRun(matrix.points().get(0), runs.get(1).result(), null)));
        try (SweepJournal journal = SweepJournal.open(path, matrix)) {
            assertThatThrownBy(() -> Sweep.run(matrix, journal, 1, run -> {}))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("another result for \"flush-lab --policies strict");
        }
    }

    private void keep(List<SweepRun> runs) throws IOException {
        try (SweepJournal journal = SweepJournal.open(path, matrix)) {
            for (SweepRun run : runs) {
                journal.append(run);
            }
        }
    }

    private void refuses(SweepMatrix other, String problem) {
        assertThatThrownBy(() -> SweepJournal.open(path, other)).isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(problem);
    }
}
