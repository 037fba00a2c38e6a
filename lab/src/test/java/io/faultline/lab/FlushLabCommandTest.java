package io.faultline.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.faultline.lab.sweep.OwnCpuOnly;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlushLabCommandTest {
    private static final String SMALL =
            "--policies strict,ring:size=4..8x2 --vcpus 2,3 --workload post-copy:calls=20,munmap-shared:calls=5";

    @TempDir
    private Path folder = Path.of("");

    @Test
    void shouldTellWhoIsBestAtWhat() {
        CommandRun run = call(SMALL + " --seeds 2");

        assertThat(run.exitCode()).isEqualTo(ExitCode.HELD);
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).contains("24 runs in virtual time, seeds 1 to 2", "safety oracle on",
                "post-copy:calls=20 on bare-2s16c, 3 vCPUs\n", "fewest IPIs a page       ring:size=8\n",
                "every policy kept its contract");
        assertThat(run.out().lines().filter(line -> line.startsWith("  strict") || line.startsWith("* strict")))
                .hasSize(4);
    }

    @Test
    void shouldWriteTheSameBytesHoweverManyRunAtOnce() throws IOException {
        assertThat(call(SMALL + " --seeds 2 --parallel 1 --csv @one.csv --json @one.json").exitCode()).isZero();
        assertThat(call(SMALL + " --seeds 2 --parallel 5 --csv @five.csv --json @five.json").exitCode()).isZero();

        assertThat(folder.resolve("five.csv")).hasSameBinaryContentAs(folder.resolve("one.csv"));
        assertThat(withoutWall("five.json")).isEqualTo(withoutWall("one.json"));
        assertThat(Files.readAllLines(folder.resolve("one.csv"))).hasSize(25);
        assertThat(folder.toFile().list()).containsExactlyInAnyOrder("one.csv", "one.json", "five.csv", "five.json");
    }

    private List<String> withoutWall(String name) throws IOException {
        return Files.readAllLines(folder.resolve(name)).stream().filter(line -> !line.contains("\"wall")).toList();
    }

    @Test
    void shouldWriteTheFieldsOthersReadAsJson() throws IOException {
        CommandRun run = call(SMALL + " --overcommit 1,3 --seeds 2 --json -");
        JsonNode json = new ObjectMapper().readTree(run.out());

        assertThat(names(json)).containsExactly("command", "options", "world", "seed", "wallNanos", "runs", "skipped",
                "figures", "pareto", "winners", "invariantsHeld");
        assertThat(names(json.get("options"))).containsExactly("policies", "profiles", "vcpus", "overcommit",
                "workload", "seeds", "seed", "oracle");
        assertThat(json.get("runs")).hasSize(36).allSatisfy(row -> {
            assertThat(names(row)).contains("policy", "profile", "vcpus", "overcommit", "workload", "seed", "flush",
                    "victims", "quarantine", "virtualNanos", "traceHash");
            assertThat(names(row.get("flush"))).containsExactly("policy", "requests", "batches", "ipis", "ipisPerPage",
                    "fullFlushes", "violations", "stalenessNanos", "initiatorStallNanos", "victimStolenNanos",
                    "quarantinePeakPages");
        });
        assertThat(json.get("skipped")).hasSize(6)
                .allSatisfy(row -> assertThat(row.get("reason").asText()).contains("too few"));
        assertThat(json.get("pareto")).isNotEmpty()
                .allSatisfy(row -> assertThat(names(row)).containsExactly("policy", "profile", "vcpus", "overcommit",
                        "workload", "ipisPerPage", "stalenessMaxNanos", "initiatorStallP99Nanos"));
        assertThat(json.get("figures").get(0).get("ipisPerPage").get("halfWidth95").isNumber()).isTrue();
        assertThat(run.err()).contains("6 combinations were skipped");
    }

    private static List<String> names(JsonNode node) {
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** What a row says to call gives that row. */
    @Test
    void shouldRunARowAgainByTheCommandItNames() throws IOException {
        JsonNode first = new ObjectMapper().readTree(call(SMALL + " --seeds 3 --overcommit 1,2 --json -").out())
                .get("runs")
                .get(20);
        String again = first.get("again").asText().replace("./faultline flush-lab ", "");

        assertThat(new ObjectMapper().readTree(call(again + " --json -").out()).get("runs").get(0)).isEqualTo(first);
    }

    @Test
    void shouldEndWithOneAndNameThePolicyThatBreaksItsContract() throws IOException {
        CommandRun run = call("--policies strict," + OwnCpuOnly.class.getName()
                + " --vcpus 3 --workload munmap-shared:calls=20 --seeds 1 --csv @unsafe.csv");

        assertThat(run.exitCode()).isEqualTo(ExitCode.BROKEN);
        assertThat(run.out()).contains("UNSAFE (marked !): in 1 of 2 runs", "! " + OwnCpuOnly.class.getName(),
                "again with ./faultline flush-lab --policies " + OwnCpuOnly.class.getName());
        assertThat(folder.resolve("unsafe.csv")).exists();
    }

    @Test
    void shouldTakeAPlanFromAFileAndCopyItIntoTheResult() throws IOException {
        String plan = """
                # two of them
                policies = ["strict", "ring:size=4,timeout=1ms"]
                vcpus = [2, 3]   # CPUs
                workload = "post-copy:calls=5"
                seeds = 7
                """;
        Files.writeString(folder.resolve("my.conf"), plan);
        CommandRun run = call("--plan @my.conf --seeds 2 --json -");
        JsonNode json = new ObjectMapper().readTree(run.out());

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(json.get("planFile").asText()).isEqualTo(plan);
        assertThat(json.get("options").get("seeds").asInt()).as("an option goes before the file").isEqualTo(2);
        assertThat(json.get("runs")).hasSize(8);
    }

    /** The issue asks for at least thirty. */
    @Test
    void shouldHaveAMeaningfulSweepWhenNothingIsAskedFor() {
        List<Integer> runs = new ArrayList<>();
        CommandRun.with((world, machine, workload, progress) -> {
            throw new AssertionError("no stress");
        }, (matrix, journal, parallel, listener) -> {
            runs.add(matrix.points().size());
            assertThat(matrix.skipped()).isEmpty();
            throw new IOException("enough");
        }, "flush-lab");

        assertThat(runs).singleElement().satisfies(count -> assertThat(count).isBetween(30, 500));
    }

    private CommandRun call(String args) {
        return CommandRun.with((world, machine, workload, progress) -> {
            throw new AssertionError("no stress");
        }, ("flush-lab " + args.replace("@", folder + "/")).split(" +"));
    }
}
