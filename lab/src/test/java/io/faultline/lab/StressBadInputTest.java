package io.faultline.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class StressBadInputTest {
    @TempDir
    private Path folder = Path.of("");

    @BeforeEach
    void makeAnImageTooShort() throws IOException {
        Files.write(folder.resolve("short.img"), new byte[8191]);
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                mistake("--vcpus 0", "vcpus must be at least 1, not 0"),
                mistake("--cpus 0", "cpus must be at least 1, not 0"),
                mistake("--vcpus 8 --cpus 9", "cpus must be at most the 8 vcpus", "not 9"),
                mistake("--cpus", "--cpus"),
                mistake("--evict-above 0", "from 1 to 100, not 0"),
                mistake("--evict-above 101", "from 1 to 100, not 101"),
                mistake("--chaos fetch-eror:0.1", "--chaos", "fetch-eror", "known are"),
                mistake("--chaos fetch-error:2", "--chaos", "from 0 to 1"),
                mistake("--hold-until 0", "--hold-until must be at least 1, not 0"),
                mistake("--flush strict+lazy", "--flush", "write lazy+strict"),
                mistake("--flush lazy+access-tracking", "--flush", "would be unsafe"),
                mistake("--flush com.example.Nowhere", "--flush", "no such class on the class path"),
                mistake("--vcpus -4", "vcpus must be at least 1, not -4"),
                mistake("--vcpus many", "--vcpus", "whole number", "\"many\""),
                mistake("--vcpus 9999999999", "--vcpus", "whole number", "\"9999999999\""),
                mistake("--vcpus", "--vcpus"),
                mistake("--vcpus 4 --vcpus 5", "--vcpus", "only once"),
                mistake("--memory 1GiB1", "--memory", "\"1GiB1\""),
                mistake("--memory 1024", "--memory", "no unit", "1GiB"),
                mistake("--memory 0GiB", "memory must be at least one page"),
                mistake("--memory 5KiB", "multiple of the page size 4KiB", "4KiB or 8KiB"),
                mistake("--memory 1MiB --page 2MiB", "multiple of the page size 2MiB"),
                mistake("--memslots 0", "memslots must be at least 1"),
                mistake("--memory 8KiB --memslots 3", "at most the memory's 2 pages", "not 3"),
                mistake("--page 8KiB", "--page", "8KiB", "4KiB"),
                mistake("--handlers 0", "handlers must be at least 1"),
                mistake("--fetchers -1", "fetchers must be at least 1"),
                mistake("--fetchers 9 --in-flight 8", "fetchers must be at most the 8 in-flight pages"),
                mistake("--in-flight 0", "in-flight pages must be at least 1"),
                mistake("--tlb 0", "TLB entries must be at least 1"),
                mistake("--contents words", "--contents must be one of bytes, tokens, not \"words\""),
                mistake("--access backwards", "--access", "\"backwards\"", "sequential"),
                mistake("--access zipf:k=3", "--access", "unknown key \"k\""),
                mistake("--access strided:0", "--access", "stride"),
                mistake("--access trace", "--access", "file is missing"),
                mistake("--access trace:absent.lackey", "--access", "absent.lackey does not exist"),
                mistake("--accesses -5", "--accesses must be at least 1, not -5"),
                mistake("--accesses 1.5", "--accesses", "whole number"),
                mistake("--duration 10", "--duration", "no unit", "50us"),
                mistake("--duration 0s", "--duration"),
                mistake("--world virtual --duration 10s", "--duration 10s", "--accesses"),
                mistake("--write-ratio 1.5", "--write-ratio must be from 0 to 1, not 1.5"),
                mistake("--write-ratio NaN", "--write-ratio must be from 0 to 1, not NaN"),
                mistake("--write-ratio some", "--write-ratio", "number", "\"some\""),
                mistake("--fetch-timeout 1", "--fetch-timeout", "no unit"),
                mistake("--fetch-timeout 0ms", "--fetch-timeout"),
                mistake("--source-rate 2", "--source-rate", "no unit", "2GiB/s"),
                mistake("--source-rate 2GiB", "--source-rate", "2GiB/s"),
                mistake("--source-latency 50", "--source-latency", "no unit"),
                mistake("--source-latency -5us", "--source-latency", "-5us"),
                mistake("--flush nonsense", "--flush", "unknown flush policy \"nonsense\"", "strict"),
                mistake("--flush strict:nonsense=1", "--flush", "\"nonsense\""),
                mistake("--flush clairvoyant", "--flush clairvoyant", "twice", "--world virtual"),
                mistake("--world virtual --flush clairvoyant:staleness=soon", "--flush", "soon"),
                mistake("--flush ring:size=0", "--flush", "size must be a whole number of 1 to", "\"0\""),
                mistake("--schedule fifo", "--schedule fifo needs --world virtual"),
                mistake("--schedule lifo", "--schedule: unknown schedule \"lifo\"", "random, fifo, pct"),
                mistake("--world virtual --schedule pct:depth=0", "--schedule:", "depth must be", "\"0\""),
                mistake("--oracle loud", "--oracle must be one of", "\"loud\""),
                mistake("--world moon", "--world must be one of threads, virtual, linux, not \"moon\""),
                mistake("--resolve steal", "--resolve must be one of copy, move"),
                mistake("--resolve move --page 1GiB", "resolving by MOVE needs pages of 4KiB or 2MiB, not 1GiB"),
                mistake("--resolve move --minor-faults", "minor faults need resolving by COPY"),
                mistake("--resolve move --write-protect-installs", "write-protected installs need resolving by COPY"),
                mistake("--userfaultfds none", "--userfaultfds must be one of per-memslot"),
                mistake("--arrival late", "--arrival must be closed or poisson:RATE"),
                mistake("--source nowhere", "--source", "\"nowhere\"", "synthetic"),
                mistake("--source synthetic --image short.img", "--source and --image"),
                mistake("--image short.img --memory 8KiB", "short.img", "8191B", "8KiB"),
                mistake("--image short.img --image-fill wrap", "--image-fill must be one of error, zero, repeat"),
                mistake("--image absent.img", "absent.img", "does not exist"),
                mistake("--image .", "is a directory"),
                mistake("--seed x", "--seed", "whole number"),
                mistake("--json absent/report.json", "--json", "there is no directory"),
                mistake("--events absent/events.json", "--events", "there is no directory"),
                mistake("--events .", "--events", "is a directory"),
                mistake("--events both.json --json both.json", "--json and --events name the same file"),
                mistake("--json .", "--json", "is a directory"),
                mistake("--html absent/report.html", "--html", "there is no directory"),
                mistake("--html .", "--html", "is a directory"),
                mistake("--html -", "--html needs a file"),
                mistake("--html both.html --json both.html", "--json and --html name the same file"),
                mistake("--html both.html --events both.html", "--events and --html name the same file"),
                mistake("--html page.html --vcpus 0", "vcpus must be at least 1, not 0"),
                mistake("--html page.html --image absent.img", "absent.img", "does not exist"),
                mistake("--minor-faults=perhaps", "--minor-faults"),
                mistake("--unknown", "unknown option --unknown"),
                mistake("--world virtual --profile bare", "--profile", "unknown cost profile \"bare\"", "bare-2s16c"),
                mistake("--world virtual --profile ./none.conf", "--profile", "./none.conf", "no such file"),
                mistake("--profile bare-2s16c", "--profile bare-2s16c needs --world virtual"),
                mistake("--arrival poisson:20k/s", "--arrival poisson:20k/s needs --world virtual"),
                mistake("--world virtual --arrival poisson", "--arrival must be closed or poisson:RATE", "\"poisson\""),
                mistake("--world virtual --arrival poisson:20", "--arrival", "20"),
                mistake("--world linux --schedule fifo", "--schedule fifo", "the operating system decides who runs"),
                mistake("--world linux --profile bare-2s16c", "--profile", "operations take their own time"),
                mistake("--world linux --oracle full", "--oracle full", "nobody sees the TLBs of real CPUs"),
                mistake("--world linux --cpus 2", "--cpus 2", "the CPUs are real ones"),
                mistake("--world linux --tlb 64", "--tlb 64", "the TLBs are those of real CPUs"),
                mistake("--world linux --flush ring:size=8", "--flush", "the kernel flushes before the call returns"),
                mistake("--world linux --contents tokens", "--contents tokens", "real memory holds bytes"),
                mistake("--world linux --arrival poisson:1k/s", "--arrival poisson:1k/s needs --world virtual"),
                mistake("--world linux --spin 20", "--spin", "no unit"),
                mistake("--spin 20us", "--spin 20us needs --world linux"),
                mistake("--vcpu 4", "unknown option --vcpu", "--vcpus"),
                mistake("surplus", "\"surplus\" is no option"));
    }

    private static Arguments mistake(String args, String... fragments) {
        return Arguments.of(args, fragments);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mistakes")
    void shouldRefuseBadInputInOneLineBeforeAnyWork(String args, String[] fragments) throws IOException {
        CommandRun run = CommandRun.neverRunning(inFolder(args));

        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("faultline stress: ").contains(fragments).endsWith("\n");
        assertThat(run.err().lines()).hasSize(1);
        assertThat(filesIn(folder)).containsExactly("short.img");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"--userfaultfds one", "--userfaultfds 8",
        "--world linux --evict-above 50", "--world linux --resolve move", "--world linux --minor-faults",
        "--world linux --page 2MiB", "--world linux --flush collect:size=8",
        "--flush adaptive", "--flush collect:size=8"})
    void shouldRefuseWhatComesLaterByNameInsteadOfIgnoringIt(String args) throws IOException {
        CommandRun run = CommandRun.neverRunning(inFolder(args));

        String option = args.substring(args.lastIndexOf("--")).split(" ", 2)[0];
        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains(option, "not available yet");
        assertThat(run.err().lines()).hasSize(1);
        assertThat(filesIn(folder)).containsExactly("short.img");
    }

    @Test
    void shouldNotLeaveTheProbedFileBehindWhenALaterCheckFails() throws IOException {
        String json = folder.resolve("report.json").toString();

        CommandRun run = CommandRun.with((world, machine, workload, progress) -> {
            throw new IllegalStateException("the run broke off");
        }, "stress", "--json", json);

        assertThat(run.exitCode()).isEqualTo(ExitCode.BROKEN);
        assertThat(filesIn(folder)).containsExactly("short.img");
    }

    /** Files named in the arguments lie in the test's folder. */
    private String[] inFolder(String args) {
        String[] words = ("stress " + args).split(" ");
        for (int word = 1; word < words.length; word++) {
            if (words[word - 1].equals("--image") || words[word - 1].equals("--json")
                    || words[word - 1].equals("--events")
                    || (words[word - 1].equals("--html") && !words[word].equals("-"))) {
                words[word] = folder.resolve(words[word]).toString();
            }
        }
        return words;
    }

    private static Stream<String> filesIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList().stream();
        }
    }
}
