package io.faultline.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.faultline.races.Races;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExploreCommandTest {
    private static final String OWN = OwnScenario.class.getName();

    @TempDir
    private Path folder = Path.of("");

    private static CommandRun explore(String args) {
        return CommandRun.neverRunning(("explore " + args).split(" "));
    }

    private static JsonNode json(String args) throws IOException {
        CommandRun run = explore(args + " --json -");
        return new ObjectMapper().readTree(run.out());
    }

    @Test
    void shouldFindEveryBrokenRaceAndNoFixedOne() throws IOException {
        JsonNode report = json("--race all --seeds 2000");

        assertThat(report.path("command").asText()).isEqualTo("explore");
        assertThat(report.path("invariantsHeld").asBoolean()).isTrue();
        assertThat(report.path("races")).hasSize(2 * Races.registry().all().size());
        for (JsonNode race : report.path("races")) {
            boolean broken = race.path("variant").asText().equals("broken");
            assertThat(race.path("violating").asInt()).as("%s", race).isEqualTo(broken ? 1 : 0);
            assertThat(race.path("firstSeed").isNull()).isEqualTo(!broken);
            assertThat(race.path("invariant").isTextual()).isEqualTo(broken);
            assertThat(race.path("seeds").asInt()).isBetween(1, 2000);
        }
    }

    @Test
    void shouldFindNothingWhenWhoComesFirstIsServedFirst() {
        CommandRun run = explore("--race all --variant broken --schedule fifo --seeds 1");

        assertThat(run.exitCode()).isEqualTo(ExitCode.HELD);
        assertThat(run.out()).doesNotContain("breaks");
    }

    @Test
    void shouldPrintSeedInvariantLanesAndHowToSeeItAgain() {
        CommandRun run = explore("--race close-with-waiters --variant broken");

        assertThat(run.exitCode()).as("a broken variant may break").isEqualTo(ExitCode.HELD);
        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .containsPattern(
                        "close-with-waiters, broken: seed \\d+ breaks \"an untouched page reads as its source has it\"")
                .contains("vcpu", "handler", "operator", "changes of lane");
        String again = run.out().lines().filter(line -> line.startsWith("  ./faultline ")).findFirst().orElseThrow();
        CommandRun second = CommandRun.neverRunning(again.strip().substring("./faultline ".length()).split(" "));
        assertThat(lanes(second.out())).isNotEmpty().isEqualTo(lanes(run.out()));
        assertThat(second.out()).contains("--seeds 1");
    }

    private static List<String> lanes(String out) {
        return out.lines().filter(line -> line.contains("\u2502")).toList();
    }

    @Test
    void shouldReplayItsReportOnTheFirstTry() throws IOException {
        Path file = folder.resolve("found.json");
        CommandRun found = explore("--race all --json " + file);

        CommandRun replayed = explore("--replay " + file);

        assertThat(replayed.exitCode()).isEqualTo(ExitCode.HELD);
        assertThat(lanes(replayed.out())).isEqualTo(lanes(found.out()));
        JsonNode report = json("--replay " + file);
        assertThat(report.path("races")).hasSize(Races.registry().all().size());
        assertThat(report.path("races")).allSatisfy(race -> assertThat(race.path("violating").asInt()).isEqualTo(1));
        assertThat(json("--replay " + file + " --race close-with-waiters").path("races")).hasSize(1);
    }

    @Test
    void shouldWriteTheSameReportTwiceButForWallTime() throws IOException {
        String args = "--race install-after-the-handler-was-replaced --schedule pct:depth=3";

        assertThat(json(args).toString().replaceAll("\"wall\\w+\":\\d+", ""))
                .isEqualTo(json(args).toString().replaceAll("\"wall\\w+\":\\d+", ""));
    }

    @Test
    void shouldLoadARaceByItsClassAndExitWithOneWhenItsFixBreaks() throws IOException {
        CommandRun run = explore("--race " + OWN);

        assertThat(run.exitCode()).isEqualTo(ExitCode.BROKEN);
        assertThat(run.out()).contains(OWN + ", fixed: seed ", "\"a comes first\"");
        assertThat(explore("--race " + OWN + " --variant broken").exitCode()).isEqualTo(ExitCode.HELD);
        assertThat(json("--race " + OWN).path("invariantsHeld").asBoolean()).isFalse();
    }

    @Test
    void shouldExitWithOneWhenAReplayedFixBreaks() {
        Path file = folder.resolve("own.json");
        explore("--race " + OWN + " --json " + file);

        assertThat(explore("--replay " + file).exitCode()).isEqualTo(ExitCode.BROKEN);
        assertThat(explore("--replay " + file + " --variant broken").exitCode()).isEqualTo(ExitCode.HELD);
    }

    @Test
    void shouldSayWhenAScheduleBreaksNothingAnyMore() throws IOException {
        Path file = folder.resolve("own.json");
        Files.writeString(file, "{\"races\":[{\"race\":\"" + OWN
                + "\",\"variant\":\"fixed\",\"firstSeed\":3,\"shortest\":{\"choices\":[\"a\",\"b\"]}}]}");

        CommandRun run = explore("--replay " + file);

        assertThat(run.exitCode()).isEqualTo(ExitCode.HELD);
        assertThat(run.out()).contains("what seed 3 found, played again, breaks nothing now");
    }
}
