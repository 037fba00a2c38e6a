package io.faultline.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
    @Test
    void shouldAskForACommandWhenThereIsNone() {
        CommandRun run = call();

        assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .isEqualTo("faultline: which command? Known are stress, explore, flush-lab, list; --help says more\n");
    }

    @Test
    void shouldNameAnUnknownCommandAndTheKnownOnes() {
        CommandRun run = call("strss");

        assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(run.err())
                .isEqualTo("faultline: unknown command \"strss\": known are stress, explore, flush-lab, list\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"calibrate", "bench"})
    void shouldRefuseACommandThatComesLaterByName(String command) {
        CommandRun run = call(command, "--json", "-");

        assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).isEqualTo("faultline: the command " + command + " is not available yet\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"--help", "stress --help", "explore --help", "flush-lab --help", "list --help", "stress -h"})
    void shouldPrintHelpToStandardOutput(String args) {
        CommandRun run = call(args.split(" "));

        assertThat(run.exitCode()).isEqualTo(ExitCode.HELD);
        assertThat(run.out()).startsWith("Usage: faultline");
        assertThat(run.err()).isEmpty();
    }

    @Test
    void shouldNotOfferInTheHelpWhatItWouldRefuse() {
        assertThat(call("stress", "--help").out())
                .contains("--vcpus", "--cpus", "--json", "--profile", "poisson:RATE", "threads|virtual|linux")
                .doesNotContain("collect", "clairvoyant");
    }

    @Test
    void shouldPrintItsVersion() {
        assertThat(call("--version").out()).startsWith("faultline ");
    }

    private static CommandRun call(String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exitCode;
        try (PrintStream outStream = new PrintStream(out, true, StandardCharsets.UTF_8);
                PrintStream errStream = new PrintStream(err, true, StandardCharsets.UTF_8)) {
            exitCode = Main.run(args, outStream, errStream);
        }
        return new CommandRun(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
