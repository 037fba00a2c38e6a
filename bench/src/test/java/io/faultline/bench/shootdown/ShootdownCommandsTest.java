package io.faultline.bench.shootdown;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.faultline.lab.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShootdownCommandsTest {
    private record Run(int exitCode, String out, String err) {}

    private static Run run(String args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exitCode = Main.run(("bench " + args).split(" "), new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        return new Run(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void shouldPrintEveryMeasuredPointAndTheRingAsJson() throws Exception {
        Run run = run("remap-cost --calls 2 --rounds 2 --ring 1,8 --json -");

        assertThat(run.exitCode()).as(run.err()).isZero();
        JsonNode json = new ObjectMapper().readTree(run.out());
        assertThat(json.get("name").asText()).isEqualTo("remap-cost");
        assertThat(json.get("rows")).hasSize(MeasuredPoint.ALL.size());
        for (JsonNode row : json.get("rows")) {
            double measured = row.at("/published/besideNanos").asDouble();
            assertThat(row.get("besideNanos").asDouble()).isBetween(0.9 * measured, 1.1 * measured);
        }
        assertThat(json.get("rings")).hasSize(2);
        assertThat(json.at("/rings/1/size").asInt()).isEqualTo(8);
        assertThat(json.get("moveBeatsCopyFromPages").asInt()).isBetween(12, 16);
        assertThat(json.get("ringBeatsCopyFromSize").asInt()).isPositive();
        assertThat(json.at("/profile/costs/ipi/source").asText()).isNotBlank();
    }

    @Test
    void shouldPrintNoPublishedFiguresBesideAnotherMachine() {
        Run run = run("remap-cost --calls 1 --ring 4 --cpus 4 --profile bare-2s16c");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("bare-2s16c", "mprotect(RO)", "MOVE beats COPY", "formula")
                .doesNotContain("45.1");
    }

    @Test
    void shouldPrintLatrsGainAndTheLoops() throws Exception {
        Run run = run("munmap --calls 5 --loops 3 --cores 2,16 --json -");

        assertThat(run.exitCode()).as(run.err()).isZero();
        JsonNode json = new ObjectMapper().readTree(run.out());
        assertThat(json.get("rows")).hasSize(2);
        assertThat(json.at("/rows/1/latrGain").asDouble()).isBetween(0.66, 0.76);
        assertThat(json.at("/rows/1/published/latrGain").asDouble()).isEqualTo(0.708);
        assertThat(json.at("/rows/0/published").isMissingNode()).isTrue();
        assertThat(json.get("loops")).hasSize(4);
        assertThat(json.at("/loops/3/published/loopsPerSecond").asDouble()).isEqualTo(1_157_000);
    }

    @Test
    void shouldPrintATableForPeople() {
        Run run = run("munmap --calls 2 --loops 2 --cores 2 --loop-cores 3");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("latr gains", "broadcast, no LRU lock").doesNotContain("527");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "remap-cost --rounds 0 | --rounds must be at least 1, not 0",
        "remap-cost --cpus 1 | --cpus must be from 2",
        "remap-cost --calls 0 | --calls must be from 1",
        "remap-cost --ring 0 | --ring must be from 1 to 4096, not 0",
        "remap-cost --profile bare | unknown cost profile \"bare\"",
        "remap-cost --pages 4 | --pages 4: bench remap-cost has no such option",
        "munmap --rounds 0 | --rounds must be at least 1, not 0",
        "munmap --cores 4096 | --cores must be from 1",
        "munmap --calls 0 | --calls must be from 1",
        "munmap --loops 0 | --loops must be from 1",
        "munmap --loop-cores 0 | --loop-cores must be from 1",
        "munmap --loop-profile bare | unknown cost profile \"bare\""})
    void shouldRefuseBadInputInOneLine(String args, String message) {
        Run run = run(args);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains(message);
        assertThat(run.err().lines()).hasSize(1);
    }
}
