package io.faultline.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.faultline.machine.MachineSpec;
import io.faultline.machine.OracleLevel;
import io.faultline.machine.PageContents;
import io.faultline.machine.RunProgress;
import io.faultline.schedule.Schedule;
import io.faultline.units.MemorySize;
import io.faultline.workload.Workload;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StressCommandTest {
    /** What reached the runner. */
    private record Call(WorldChoice world, MachineSpec machine, Workload workload, RunProgress progress) {}

    @TempDir
    private Path folder = Path.of("");

    @Test
    void shouldRunTheMainJobWithoutAnyArguments() {
        Call call = callOf("stress");

        assertThat(call.world()).isEqualTo(new WorldChoice.Threads());
        assertThat(call.machine().vcpus()).isEqualTo(4096);
        assertThat(call.machine().memslots()).isEqualTo(64);
        assertThat(call.machine().memory()).isEqualTo(MemorySize.gibibytes(1));
        assertThat(call.machine().oracle()).isEqualTo(OracleLevel.SAMPLED);
        assertThat(call.workload().name()).isEqualTo("sequential");
        assertThat(call.workload().writeRatio()).hasValue(0.3);
        assertThat(call.workload().accesses()).isEmpty();
        assertThat(call.progress().stopRequested()).isFalse();
    }

    @Test
    void shouldTakeItsContentsFromTheRunningJdkUnlessTold() throws JsonProcessingException {
        JsonNode options = optionsOf("stress", "--json", "-");

        assertThat(options.at("/image").textValue())
                .isEqualTo(Path.of(System.getProperty("java.home"), "lib", "modules").toString());
        assertThat(options.at("/image-fill").textValue()).isEqualTo("repeat");
    }

    @Test
    void shouldTakeSyntheticContentsForTokensUnlessTold() throws JsonProcessingException {
        assertThat(callOf("stress", "--contents", "tokens").machine().contents()).isEqualTo(PageContents.TOKENS);
        JsonNode options = optionsOf("stress", "--contents", "tokens", "--json", "-");
        assertThat(options.at("/source").textValue()).isEqualTo("synthetic");
        assertThat(options.has("image")).isFalse();
    }

    @Test
    void shouldHandOnEveryOption() {
        Call call = callOf("stress", "--world", "virtual", "--vcpus", "8", "--memory", "8MiB", "--memslots", "2",
                "--page", "2MiB", "--handlers", "3", "--fetchers", "5", "--contents", "tokens", "--tlb", "16",
                "--access", "zipf:1.1", "--accesses", "1000", "--write-ratio", "0.5", "--fetch-timeout", "10ms",
                "--schedule", "fifo", "--oracle", "off", "--source-latency", "50us", "--source-rate", "2GiB/s",
                "--in-flight", "7", "--flush", "strict", "--seed", "42", "--write-protect-installs",
                "--minor-faults");

        assertThat(call.world()).isEqualTo(new WorldChoice.Virtual(42, Schedule.fifo()));
        MachineSpec machine = call.machine();
        assertThat(machine.vcpus()).isEqualTo(8);
        assertThat(machine.pages()).isEqualTo(4);
        assertThat(machine.memslots()).isEqualTo(2);
        assertThat(machine.handlers()).isEqualTo(3);
        assertThat(machine.fetchers()).isEqualTo(5);
        assertThat(machine.tlbEntries()).isEqualTo(16);
        assertThat(machine.fetchTimeoutNanos()).isEqualTo(10_000_000);
        assertThat(machine.oracle()).isEqualTo(OracleLevel.OFF);
        assertThat(machine.sourceTiming().latencyNanos()).isEqualTo(50_000);
        assertThat(machine.sourceTiming().bytesPerSecond()).isEqualTo(2L << 30);
        assertThat(machine.inFlight()).isEqualTo(7);
        assertThat(machine.seed()).isEqualTo(42);
        assertThat(machine.writeProtectInstalls()).isTrue();
        assertThat(machine.minorFaults()).isTrue();
        assertThat(call.workload().name()).isEqualTo("zipf:1.1");
        assertThat(call.workload().accesses()).hasValue(1000);
        assertThat(call.workload().writeRatio()).hasValue(0.5);
    }

    @ParameterizedTest
    @EnumSource(names = {"OFF", "SAMPLED", "FULL"})
    void shouldWatchAsCloselyAsToldInBothWorlds(OracleLevel level) {
        String said = level.name().toLowerCase(Locale.ROOT);

        assertThat(callOf("stress", "--oracle", said).machine().oracle()).isEqualTo(level);
        assertThat(callOf("stress", "--world", "virtual", "--oracle", said).machine().oracle()).isEqualTo(level);
    }

    @Test
    void shouldWatchWithTheOracleInVirtualTimeUnlessTold() {
        Call call = callOf("stress", "--world", "virtual", "--seed", "9");

        assertThat(call.machine().oracle()).isEqualTo(OracleLevel.FULL);
        assertThat(call.world()).isEqualTo(new WorldChoice.Virtual(9, Schedule.random()));
    }

    @Test
    void shouldNotEndByAccessesWhenADurationIsGivenAlone() {
        assertThat(callOf("stress", "--duration", "10s").workload().accesses()).hasValue(Long.MAX_VALUE);
        assertThat(callOf("stress", "--duration", "10s", "--accesses", "7").workload().accesses()).hasValue(7);
    }

    @Test
    void shouldEndWithZeroAndSayThatEveryInvariantHeld() {
        CommandRun run = CommandRun.reporting(Reports.held(), "stress");

        assertThat(run.exitCode()).isEqualTo(ExitCode.HELD);
        assertThat(run.out()).contains("every invariant held");
        assertThat(run.err()).isEmpty();
    }

    @Test
    void shouldEndWithOneAndNameTheInvariantThatDidNotHold() {
        CommandRun run = CommandRun.reporting(Reports.broken(3), "stress");

        assertThat(run.exitCode()).isEqualTo(ExitCode.BROKEN);
        assertThat(run.out()).contains("faults.lost is 3");
    }

    @Test
    void shouldWriteNothingButJsonToStandardOutputWhenToldSo() throws JsonProcessingException {
        CommandRun run = CommandRun.reporting(Reports.held(), "stress", "--json", "-");

        assertThat(new ObjectMapper().readTree(run.out()).at("/command").textValue()).isEqualTo("stress");
        assertThat(run.err()).contains("every invariant held");
    }

    @Test
    void shouldWriteTheSameJsonToAFileAndKeepItsPathOutOfTheOptions() throws Exception {
        Path file = folder.resolve("report.json");

        CommandRun run = CommandRun.reporting(Reports.held(), "stress", "--json", file.toString());

        assertThat(run.out()).contains("every invariant held");
        assertThat(Files.readString(file)).isEqualTo(
                CommandRun.reporting(Reports.held(), "stress", "--json", "-").out());
        assertThat(new ObjectMapper().readTree(Files.readString(file)).at("/options").has("json")).isFalse();
    }

    @Test
    void shouldSayInOneLineWhatBrokeARunOff() {
        CommandRun run = CommandRun.with((world, machine, workload, progress) -> {
            throw new IllegalStateException("two lines\n of trouble");
        }, "stress");

        assertThat(run.exitCode()).isEqualTo(ExitCode.BROKEN);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("faultline stress: broke off: ").contains("two lines of trouble");
        assertThat(run.err().lines()).hasSize(1);
    }

    @Test
    void shouldSayWhatThisMachineLacksWhenMemoryRunsOut() {
        CommandRun run = CommandRun.with((world, machine, workload, progress) -> {
            throw new OutOfMemoryError("Java heap space");
        }, "stress");

        assertThat(run.exitCode()).isEqualTo(ExitCode.MACHINE_LACKS);
        assertThat(run.err()).contains("Java heap space", "FAULTLINE_HEAP");
        assertThat(run.err().lines()).hasSize(1);
    }

    private static Call callOf(String... args) {
        List<Call> calls = new ArrayList<>();
        CommandRun run = CommandRun.with((world, machine, workload, progress) -> {
            calls.add(new Call(world, machine, workload, progress));
            return Reports.held();
        }, args);
        assertThat(calls).as(run.err()).hasSize(1);
        return calls.getFirst();
    }

    private static JsonNode optionsOf(String... args) throws JsonProcessingException {
        return new ObjectMapper().readTree(CommandRun.reporting(Reports.held(), args).out()).at("/options");
    }
}
