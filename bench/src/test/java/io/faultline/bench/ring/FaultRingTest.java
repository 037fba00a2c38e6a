package io.faultline.bench.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.faultline.lab.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The whole command, as a user calls it. */
class FaultRingTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int faultline(String... args) {
        try (PrintStream outStream = new PrintStream(out, true, StandardCharsets.UTF_8);
                PrintStream errStream = new PrintStream(err, true, StandardCharsets.UTF_8)) {
            return Main.run(args, outStream, errStream);
        }
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    @Timeout(120)
    void shouldMeasureEveryContenderInBothModes(@TempDir Path folder) throws Exception {
        Path json = folder.resolve("figures.json");
        int exitCode = faultline("bench", "fault-ring", "--rounds", "1", "--vcpus", "16", "--accesses", "1600",
                "--contenders", "ours,bare-ring,bare-halts,executor,virtual-threads", "--heap", "64MiB", "--warm-up",
                "0s", "--measure", "1ns", "--json", json.toString());
        assertThat(exitCode).as(err()).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("private pages", "4 vCPUs share each page",
                "bare Pekko rings", "bare halts of Pekko actors", "hand-written, executor",
                "hand-written, virtual threads", "accesses/s", "times as fast");
        assertThat(err()).contains("round 1 of 1: Faultline, private pages: ");

        JsonNode figures = new ObjectMapper().readTree(json.toFile());
        assertThat(figures.path("name").asText()).isEqualTo("fault-ring");
        assertThat(figures.path("rounds").asInt()).isEqualTo(1);
        for (String field : new String[]{"faultsPerSecond", "ratioToBareRing", "ratioToExecutorPeer",
            "ratioToVirtualThreadPeer"}) {
            assertThat(figures.path(field).asDouble()).as(field).isPositive();
            assertThat(figures.path("sharing").path(1).path(field).asDouble()).as(field).isPositive();
        }
        assertThat(figures.path("sharing").path(0).path("contenders")).hasSize(5);
        JsonNode ours = figures.path("sharing").path(1).path("contenders").path(0);
        assertThat(ours.path("accessesPerSecond").asDouble())
                .isGreaterThanOrEqualTo(ours.path("perSecond").asDouble());
        assertThat(ours.path("rounds").path(0).path("accessesPerSecond").asDouble()).isPositive();
        assertThat(figures.path("scale")).isEmpty();
    }

    @Test
    @Timeout(60)
    void shouldSayInOneLineWhichContenderFailed() {
        int exitCode = faultline("bench", "fault-ring", "--rounds", "1", "--vcpus", "4", "--accesses", "40",
                "--contenders", "executor", "--heap", "1MiB");
        assertThat(exitCode).isEqualTo(1);
        assertThat(err()).startsWith("faultline bench fault-ring: hand-written, executor, private pages: ")
                .hasLineCount(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --rounds 0                | --rounds must be at least 1, not 0
            --rounds three            | must be a whole number
            --vcpus 0                 | --vcpus must be at least 1, not 0
            --accesses -1             | --accesses must be at least 1, not -1
            --in-flight 0             | pages in flight must be at least 1, not 0
            --sharing 3               | 4096, must be a multiple of the 3
            --sharing 0               | must be at least 1, not 0
            --contents words          | --contents must be one of bytes, tokens, not "words"
            --executor common         | --executor must be one of fork-join, fork-join-lifo, fixed, not "common"
            --contenders them         | --contenders: "them" is not one of ours, bare-ring
            --heap lots               | --heap: "lots"
            --warm-up 2               | --warm-up: "2"
            --measure 0s              | --measure: "0s"
            --json /no/such/folder/x  | --json: cannot write "/no/such/folder/x"
            """)
    void shouldRefuseBadInputBeforeAnyWork(String options, String complaint) {
        String[] words = ("bench fault-ring " + options).split(" ", -1);
        assertThat(faultline(words)).isEqualTo(2);
        assertThat(err()).contains(complaint).hasLineCount(1);
        assertThat(out.size()).isZero();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            bench                       | which benchmark? Known are fault-ring
            bench nosuch --rounds 3     | unknown benchmark "nosuch": known are fault-ring
            bench --rounds 3            | unknown benchmark "--rounds": known are fault-ring
            bench --rounds 3 fault-ring | options go behind the name
            """)
    void shouldNameTheBenchmarksThereAre(String line, String complaint) {
        assertThat(faultline(line.split(" ", -1))).isEqualTo(2);
        assertThat(err()).contains(complaint).hasLineCount(1);
    }
}
