package io.faultline.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The file of events, read back by a parser and held to what Perfetto needs of it. */
@Timeout(60)
class StressEventsTest {
    private static final String SMALL =
            "stress --vcpus 16 --memory 2MiB --memslots 4 --source-latency 50us --evict-above 50 --accesses 3000";

    @TempDir
    Path folder;

    /** What was counted while a file was checked. */
    private static final class Checked {
        private final Map<String, Integer> counts = new HashMap<>();
        private final Set<String> tracks = new HashSet<>();

        int count(String key) {
            return counts.getOrDefault(key, 0);
        }
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"--world virtual", "--world threads", "--world virtual --chaos fetch-error:0.05"})
    void shouldHoldEveryFaultFetchInstallFlushAndIpi(String args) throws IOException {
        Path file = folder.resolve("events.json");
        JsonNode report = run(args + " --events " + file);
        Checked checked = check(new ObjectMapper().readTree(file.toFile()));

        assertThat(checked.count("B fault")).isEqualTo(report.at("/faults/raised").intValue()).isPositive();
        assertThat(checked.count("B fetch")).isEqualTo(report.at("/io/reads").intValue()).isPositive();
        // Evictions go on while the report is made.
        assertThat(checked.count("B flush")).isGreaterThanOrEqualTo(report.at("/flush/requests").intValue())
                .isPositive();
        assertThat(checked.count("i ipi")).isGreaterThanOrEqualTo(report.at("/flush/ipis").intValue()).isPositive();
        assertThat(checked.count("i install")).isPositive();
        assertThat(checked.tracks).contains("vcpu-0", "vcpu-15", "memslot-0", "memslot-3", "fetcher-0 read 0",
                "flush 0", "IPIs sent");
        assertThat(files()).containsExactly("events.json");
    }

    @Test
    void shouldWriteTheSameBytesForTheSameSeedAndCompressThem() throws IOException {
        Path first = folder.resolve("first.json");
        Path second = folder.resolve("second.json.gz");
        run("--world virtual --seed 3 --events " + first);
        run("--world virtual --seed 3 --events " + second);

        assertThat(Files.size(second)).isLessThan(Files.size(first) / 5);
        try (InputStream unzipped = new GZIPInputStream(Files.newInputStream(second))) {
            assertThat(unzipped).hasBinaryContent(Files.readAllBytes(first));
        }
    }

    @Test
    void shouldNotChangeTheRunItWrites() throws IOException {
        JsonNode with = run("--world virtual --events " + folder.resolve("events.json"));
        JsonNode without = run("--world virtual");

        assertThat(with.get("traceHash")).isEqualTo(without.get("traceHash"));
        assertThat(with.get("options")).as("no output paths").isEqualTo(without.get("options"));
    }

    @Test
    void shouldLeaveNothingBehindWhenTheRunBreaksOff() throws IOException {
        Path file = Files.writeString(folder.resolve("events.json"), "of an earlier run");
        CommandRun run = CommandRun.with((world, machine, workload, progress) -> {
            machine.listener().faultRaised(1, 0, 0, false);
            throw new IllegalStateException("the run broke off");
        }, "stress", "--events", file.toString());

        assertThat(run.exitCode()).isEqualTo(ExitCode.BROKEN);
        assertThat(files()).containsExactly("events.json");
        assertThat(file).hasContent("of an earlier run");
    }

    private static JsonNode run(String args) throws IOException {
        CommandRun run = CommandRun.with(StressRunner.WORLDS, (SMALL + " --json - " + args).split(" +"));
        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.HELD);
        return new ObjectMapper().readTree(run.out());
    }

    /** Every event has what the format demands, every track has a name and goes forward, and what begins ends. */
    private static Checked check(JsonNode document) {
        Checked checked = new Checked();
        Map<String, String> names = new HashMap<>();
        Map<String, Double> last = new HashMap<>();
        Map<String, Deque<String>> open = new HashMap<>();
        for (JsonNode event : document.get("traceEvents")) {
            assertThat(event.fieldNames()).toIterable().contains("name", "ph", "ts", "pid", "tid");
            String name = event.get("name").textValue();
            String phase = event.get("ph").textValue();
            String track = event.get("pid") + "/" + event.get("tid");
            double micros = event.get("ts").doubleValue();
            if (phase.equals("M")) {
                if (name.equals("thread_name")) {
                    names.put(track, event.at("/args/name").textValue());
                }
                continue;
            }
            assertThat(names).as("track of %s", event).containsKey(track);
            assertThat(micros).as("time of %s", event).isGreaterThanOrEqualTo(last.getOrDefault(track, 0.0));
            last.put(track, micros);
            Deque<String> stack = open.computeIfAbsent(track, _ -> new ArrayDeque<>());
            switch (phase) {
                case "B" -> stack.push(name);
                case "E" -> assertThat(stack.pop()).as("what %s ends", event).isEqualTo(name);
                default -> assertThat(phase).isEqualTo("i");
            }
            checked.counts.merge(phase + " " + name, 1, Integer::sum);
        }
        assertThat(open.values()).as("what never ended").allMatch(Deque::isEmpty);
        checked.tracks.addAll(names.values());
        assertThat(names.values()).doesNotHaveDuplicates();
        return checked;
    }

    private String[] files() {
        String[] names = folder.toFile().list();
        return names == null ? new String[0] : names;
    }
}
