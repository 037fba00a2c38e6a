package io.faultline.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExploreBadInputTest {
    private static final String FINDING =
            "{'races':[{'race':'%s','variant':'%s','firstSeed':1,'shortest':{'choices':['%s']}}]}";

    @TempDir
    private Path folder = Path.of("");

    @BeforeEach
    void writeFiles() throws IOException {
        write("text.json", "no json");
        write("empty.json", "");
        write("list.json", "[]");
        write("stress.json", "{'command':'stress'}");
        write("held.json", "{'races':[{'race':'close-with-waiters','variant':'fixed','firstSeed':null}]}");
        write("half.json", "{'races':[{'race':'close-with-waiters','variant':'broken','firstSeed':1}]}");
        write("unknown.json", FINDING.formatted("gone-since", "broken", "vcpu"));
        write("variant.json", FINDING.formatted("close-with-waiters", "half", "vcpu"));
        write("other.json", FINDING.formatted("close-with-waiters", "broken", "nobody"));
        write("short.json", FINDING.formatted("close-with-waiters", "broken", "vcpu"));
    }

    private void write(String name, String json) throws IOException {
        Files.writeString(folder.resolve(name), json.replace('\'', '"'));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "--race eexist                    | --race: unknown race \"eexist\": known are eexist-taken-for-woken",
        "--race com.acme.Nowhere          | no such class can be loaded",
        "--race java.lang.String          | no io.faultline.explore.Scenario that can be made",
        "--variant half                   | --variant must be one of broken, fixed, all, not \"half\"",
        "--seeds 0                        | --seeds must be at least 1, not 0",
        "--seeds many                     | \"many\"",
        "--seed x                         | \"x\"",
        "--schedule backwards             | --schedule: unknown schedule \"backwards\"",
        "--schedule pct:depth=0           | --schedule",
        "--json nowhere/at/all.json       | --json: cannot write",
        "--replay @absent.json            | --replay: cannot read",
        "--replay @text.json              | is no JSON",
        "--replay @empty.json             | is no report of explore",
        "--replay @list.json              | is no report of explore",
        "--replay @stress.json            | is no report of explore",
        "--replay @held.json              | holds nothing that was found",
        "--replay @half.json              | without race, variant or choices",
        "--replay @unknown.json           | unknown race \"gone-since\"",
        "--replay @variant.json           | not \"half\"",
        "--replay @other.json             | step 1 is one of \"nobody\", but pending are [vcpu, operator]",
        "--replay @short.json             | after its 1 steps, pending are [operator, handler]",
        "--replay @short.json --race eexist-taken-for-woken | in race eexist-taken-for-woken, variant all",
        "--vcpus 4                        | unknown option --vcpus",
        "twice                            | options begin with --"
    })
    void shouldSayInOneLineWhatIsWrong(String args, String message) {
        CommandRun run = CommandRun.neverRunning(("explore " + args.strip().replace("@", folder + "/")).split(" +"));

        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("faultline explore: ").contains(message);
        assertThat(run.err().lines()).hasSize(1);
    }
}
