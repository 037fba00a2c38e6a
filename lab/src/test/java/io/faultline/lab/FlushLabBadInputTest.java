package io.faultline.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlushLabBadInputTest {
    @TempDir
    private Path folder = Path.of("");

    @BeforeEach
    void writePlans() throws IOException {
        write("unknown.conf", "# a plan\n\npolices = strict");
        write("broken.conf", "policies = [\"strict\"");
        write("nested.conf", "policies { strict = 1 }");
        write("yes.conf", "seeds = true");
        write("range.conf", "\nvcpus = 2\npolicies = [\"strict\"\n \"ring:size=0..8+8\"]");
        write("empty.conf", "policies = []");
        write("include.conf", "seeds = ${elsewhere}");
        Files.write(folder.resolve("latin.conf"), new byte[]{'#', (byte) 0xe4, '\n'});
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "--policies strikt                     | --policies: unknown flush policy \"strikt\": known are strict",
        "--policies ring:size=0                | --policies: flush policy \"ring:size=0\": size must be a whole number of 1",
        "--policies ring:size=0..8+4           | \"ring:size=0\": size must be",
        "--policies ring:size=8..64            | --policies: the range \"8..64\" needs a step",
        "--policies strict,,ring               | --policies: has an empty value in \"strict,,ring\"",
        "--policies strict+lazy                | --policies: flush policy \"strict+lazy\"",
        "--policies com.acme.Nowhere           | no such class on the class path",
        "--profiles bare                       | --profiles: unknown cost profile \"bare\"",
        "--profiles ./nowhere.conf             | --profiles: cost profile ./nowhere.conf: there is no such file",
        "--vcpus 0                             | --vcpus: must be a whole number from 1 to 2048, not \"0\"",
        "--vcpus 2,many                        | --vcpus: must be a whole number from 1 to 2048, not \"many\"",
        "--vcpus 2..4096x2                     | --vcpus: must be a whole number from 1 to 2048, not \"4096\"",
        "--overcommit 65                       | --overcommit: must be a whole number from 1 to 64, not \"65\"",
        "--overcommit 9                        | the sweep is empty: ",
        "--workload sequential                 | --workload: unknown flush-lab workload \"sequential\": known are post-copy",
        "--workload post-copy:pages=0          | --workload: flush-lab workload \"post-copy:pages=0\": pages must be",
        "--workload eviction:flush-every=99    | flush-every must be at most the 16 pages of a call, not 99",
        "--workload eviction:speed=9           | unknown key \"speed\"",
        "--seeds 0                             | --seeds: must be a whole number from 1 to 10000, not \"0\"",
        "--seeds 2,3                           | --seeds: must be a whole number",
        "--seed x                              | --seed: must be a whole number",
        "--oracle sampled                      | --oracle: must be full or off, not \"sampled\"",
        "--parallel 0                          | --parallel must be from 1 to 1024, not 0",
        "--seeds 10000                         | runs; at most 100000 are possible",
        "--csv -                               | --csv must be a file",
        "--csv nowhere/at.csv                  | --csv: cannot write",
        "--json nowhere/at.json                | --json: cannot write",
        "--csv @x --json @x                    | --csv and --json name the same file",
        "--html @x.html                        | --html is not available yet",
        "--plan @absent.conf                   | --plan: cannot read",
        "--plan @                              | it is a directory",
        "--plan @unknown.conf                  | unknown.conf, line 3: the key \"polices\" is unknown: known are policies",
        "--plan @broken.conf                   | broken.conf\" is no valid HOCON",
        "--plan @include.conf                  | include.conf\" is no valid HOCON",
        "--plan @nested.conf                   | nested.conf, line 1: policies must be a text, a number or a list",
        "--plan @yes.conf                      | yes.conf, line 1: seeds must be a text, a number or a list",
        "--plan @range.conf                    | range.conf, line 3: policies: flush policy \"ring:size=0\": size must be",
        "--plan @empty.conf                    | empty.conf, line 1: policies: has an empty value",
        "--plan @latin.conf                    | is not text in UTF-8",
        "--policy strict                       | unknown option --policy: did you mean --policies?",
        "twice                                 | options begin with --"
    })
    void shouldSayInOneLineWhatIsWrongAndDoNothing(String args, String message) {
        int before = folder.toFile().list().length;

        CommandRun run = CommandRun.neverRunning(("flush-lab " + args.strip().replace("@", folder + "/")).split(" +"));

        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("faultline flush-lab: ").contains(message);
        assertThat(run.err().lines()).hasSize(1);
        assertThat(folder.toFile().list()).hasSize(before);
    }

    @ParameterizedTest
    @CsvSource({"x.csv.journal", "y.csv.journal"})
    void shouldRefuseTheJournalOfAnotherSweep(String journal) throws IOException {
        write(journal, "{\"journal\":\"faultline flush-lab 1\",\"sweep\":\"0123\"}\n");

        CommandRun run = CommandRun.neverRunning("flush-lab", "--csv",
                folder.resolve(journal.replace(".journal", "")).toString());

        assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(run.err()).contains(journal + " is the journal of another sweep");
        assertThat(run.err().lines()).hasSize(1);
    }
}
