package io.faultline.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListCommandTest {
    @ParameterizedTest
    @CsvSource({"policies,strict ring",
        "profiles,bare-2s16c bare-8s120c guest-zen4-2vcpu guest-80vcpu",
        "races,eexist-taken-for-woken close-with-waiters",
        "sources,file synthetic", "workloads,sequential random strided trace zipf munmap-storm post-copy"})
    void shouldPrintANameAndOneLineAboutItPerRow(String topic, String names) {
        CommandRun run = CommandRun.neverRunning("list", topic);

        assertThat(run.exitCode()).isEqualTo(ExitCode.HELD);
        assertThat(run.err()).isEmpty();
        assertThat(run.out().lines()).allMatch(row -> row.matches("[a-z][a-z0-9-]* +\\S.*"));
        assertThat(run.out().lines().map(row -> row.split(" ", 2)[0])).contains(names.split(" "));
    }

    @Test
    void shouldSayWhatThereIsToList() {
        CommandRun run = CommandRun.neverRunning("list");

        assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(run.err()).isEqualTo(
                "faultline list: list what? Known are policies, profiles, races, sources, workloads\n");
    }

    @Test
    void shouldNameAnUnknownTopic() {
        CommandRun run = CommandRun.neverRunning("list", "planets");

        assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(run.err()).contains("\"planets\"", "policies").endsWith("\n");
        assertThat(run.err().lines()).hasSize(1);
    }
}
