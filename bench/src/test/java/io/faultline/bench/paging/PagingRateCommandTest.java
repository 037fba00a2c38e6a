package io.faultline.bench.paging;

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

class PagingRateCommandTest {
    private record Run(int exitCode, String out, String err) {}

    private static Run run(String args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exitCode = Main.run(("bench paging-rate " + args).split(" "),
                new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8));
        return new Run(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void shouldPrintARowForEachNumberOfVcpusAsJson() throws Exception {
        Run run = run("--vcpus 1,2,4 --pages 8 --rounds 2 --json -");

        assertThat(run.exitCode()).as(run.err()).isZero();
        JsonNode json = new ObjectMapper().readTree(run.out());
        assertThat(json.get("name").asText()).isEqualTo("paging-rate");
        assertThat(json.get("rows")).hasSize(3);
        for (JsonNode row : json.get("rows")) {
            assertThat(row.get("oneUserfaultfdPagesPerSecond").asDouble()).isPositive();
            assertThat(row.get("perVcpuUserfaultfdPagesPerSecond").asDouble()).isPositive();
            assertThat(row.get("exitsPagesPerSecond").asDouble()).isPositive();
        }
        assertThat(json.at("/rows/2/vcpus").asInt()).isEqualTo(4);
        assertThat(json.at("/rows/2/published/exitsPagesPerSecond").asDouble()).isEqualTo(809_000);
        assertThat(json.at("/rows/1/published/exitsPagesPerSecond").isMissingNode()).isTrue();
        assertThat(json.at("/profile/costs/wake-scan/source").asText()).isNotBlank();
    }

    @Test
    void shouldPrintATableForPeople() {
        Run run = run("--vcpus 1 --pages 8");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("one uffd", "published", "bare-256c", "150");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "--rounds 0 | --rounds must be at least 1, not 0", "--vcpus 0 | --vcpus must be from 1",
        "--pages 0 | --pages must be from 1", "--profile bare | unknown cost profile \"bare\"",
        "--vcpus 65536 --pages 65536 | is more than", "--vcpus four | four"})
    void shouldRefuseBadInputInOneLine(String args, String message) {
        Run run = run(args);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains(message);
        assertThat(run.err().lines()).hasSize(1);
    }
}
