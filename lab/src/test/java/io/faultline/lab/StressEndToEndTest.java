package io.faultline.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line with the real worlds behind it: the running JDK's modules as the image, all checks on. */
@Timeout(60)
class StressEndToEndTest {
    private static final String SMALL = " --vcpus 64 --memory 16MiB --memslots 4";
    private static final int SMALL_PAGES = 4096;

    @ParameterizedTest(name = "{0}")
    @CsvSource({"--world threads,16384", "--world virtual,16384", "--world virtual --schedule fifo,16384",
        "--world virtual --schedule pct:depth=3,16384",
        "--world virtual --profile bare-2s16c --access random,16384",
        "--world virtual --arrival poisson:50k/s --profile guest-80vcpu,16384",
        "--world threads --contents tokens,16384", "--world virtual --contents tokens,16384",
        "--world threads --in-flight 1,16384", "--world virtual --in-flight 1,16384",
        "--world threads --access zipf:1.1 --accesses 5000,5000",
        "--world virtual --access random --accesses 5000,5000"})
    void shouldServeEveryFaultOfARealFile(String args, long accesses) throws JsonProcessingException {
        JsonNode report = stress(args + SMALL);

        assertThat(report.at("/accesses/done").longValue()).isEqualTo(accesses);
        assertThat(report.at("/faults/raised").longValue()).isPositive();
        assertThat(report.at("/faults/resolved")).isEqualTo(report.at("/faults/raised"));
        assertThat(report.at("/faults/lost").longValue()).isZero();
        assertThat(report.at("/pages/corrupt").longValue()).isZero();
        assertThat(report.at("/pages/verified").longValue()).isPositive();
        assertThat(report.at("/flush/violations").longValue()).isZero();
        assertThat(report.at("/io/inFlightPeak").longValue()).isPositive()
                .isLessThanOrEqualTo(report.at("/io/inFlightLimit").longValue());
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"--world threads", "--world virtual"})
    void shouldInstallEveryPageOnceWhenAllAreTouched(String args) throws JsonProcessingException {
        JsonNode report = stress(args + SMALL);

        assertThat(report.at("/pages/installed").longValue()).isEqualTo(SMALL_PAGES);
        assertThat(report.at("/io/bytes").longValue()).isEqualTo(16L << 20);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"--profile bare-2s16c", "--arrival poisson:100k/s"})
    void shouldEndAfterItsDurationInVirtualTime(String args) throws JsonProcessingException {
        JsonNode report = stress("--world virtual --duration 3ms --access random " + args + SMALL);

        assertThat(report.at("/virtualNanos").longValue()).isBetween(3_000_000L, 3_500_000L);
        assertThat(report.at("/accesses/done").longValue()).isPositive();
        assertThat(report.at("/faults/lost").longValue()).isZero();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"--world threads", "--world virtual"})
    void shouldServeLargePages(String args) throws JsonProcessingException {
        JsonNode report = stress(args + " --vcpus 8 --memory 16MiB --page 2MiB --memslots 2 --accesses 1000");

        assertThat(report.at("/pages/installed").longValue()).isEqualTo(8);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"--world threads", "--world virtual"})
    void shouldServeWriteProtectFaultsByTheSameRing(String args) throws JsonProcessingException {
        assertThat(stress(args + SMALL + " --write-protect-installs").at("/faults/writeProtect").longValue())
                .isPositive();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"--world threads", "--world virtual"})
    void shouldServeMinorFaultsByTheSameRing(String args) throws JsonProcessingException {
        JsonNode report = stress(args + SMALL + " --minor-faults");

        assertThat(report.at("/faults/minor").longValue()).isPositive();
        assertThat(report.at("/faults/missing").longValue()).isZero();
    }

    @Test
    void shouldGiveTheSameBytesForTheSameSeedButForWallTime() {
        String args = "--world virtual --seed 7 --source-latency 50us --source-rate 2GiB/s" + SMALL;

        assertThat(withoutWallTime(run(args).out())).isEqualTo(withoutWallTime(run(args).out()));
    }

    @Test
    void shouldGiveAnotherTraceForAnotherSeed() throws JsonProcessingException {
        String args = "--world virtual" + SMALL;

        assertThat(stress(args + " --seed 1").at("/traceHash"))
                .isNotEqualTo(stress(args + " --seed 2").at("/traceHash"));
    }

    @Test
    void shouldTakeTheSourcesLatencyInVirtualTime() throws JsonProcessingException {
        JsonNode report = stress("--world virtual --source-latency 2ms" + SMALL);

        assertThat(report.at("/virtualNanos").longValue()).isGreaterThanOrEqualTo(2_000_000);
        assertThat(report.at("/faults/latencyNanos/p50").longValue()).isGreaterThanOrEqualTo(2_000_000);
        assertThat(report.at("/faults/stageNanos/fetch").longValue()).isPositive();
    }

    @Test
    void shouldEndWhenItsTimeIsOver() throws JsonProcessingException {
        JsonNode report = stress("--duration 300ms" + SMALL);

        assertThat(report.at("/accesses/done").longValue()).isPositive().isLessThan(Long.MAX_VALUE);
    }

    private static JsonNode stress(String args) throws JsonProcessingException {
        return new ObjectMapper().readTree(run(args).out());
    }

    private static CommandRun run(String args) {
        CommandRun run = CommandRun.with(StressRunner.WORLDS, ("stress --json - " + args).split(" +"));
        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.HELD);
        return run;
    }

    private static String withoutWallTime(String json) {
        return json.lines().filter(line -> !line.startsWith("  \"wall")).collect(Collectors.joining("\n"));
    }
}
