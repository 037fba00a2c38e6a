package io.faultline.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.faultline.lab.sweep.Sweep;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A JVM dies in the middle of a sweep, and another goes on. */
class FlushLabKilledTest {
    private static final String SWEEP =
            "flush-lab --policies strict,concurrent,ring:size=4..8x2 --vcpus 2,3 --workload post-copy:calls=20 --seeds 5";
    private static final int RUNS = 40;
    private static final int KILLED_AFTER = 17;
    private static final int KILLED = 137;

    @TempDir
    private Path folder = Path.of("");

    /** Runs a sweep, and dies as by SIGKILL after some of its runs: no handler, no hook, nothing flushed. */
    static final class Child {
        private Child() {}

        public static void main(String[] args) {
            AtomicInteger finished = new AtomicInteger();
            SweepRunner dying = (matrix, journal, parallel, listener) -> Sweep.run(matrix, journal, parallel, run -> {
                if (finished.incrementAndGet() == KILLED_AFTER) {
                    Runtime.getRuntime().halt(KILLED);
                }
            });
            Subcommands.of(new FlushLabCommand(dying)).run(args, new Console(System.out, System.err, false));
        }
    }

    @Test
    @Timeout(300)
    void shouldWriteTheSameCsvAsASweepThatWasNot() throws IOException, InterruptedException {
        Path csv = folder.resolve("killed.csv");
        Path journal = folder.resolve("killed.csv.journal");

        assertThat(child(csv)).as("killed").isEqualTo(KILLED);
        assertThat(csv).doesNotExist();
        List<String> kept = Files.readAllLines(journal);
        assertThat(kept).hasSize(1 + KILLED_AFTER);
        // And the line that was being written when the power went.
        Files.writeString(journal, String.join("\n", kept) + "\n" + kept.getLast().substring(0, 30));

        CommandRun rest = call(csv);
        CommandRun whole = call(folder.resolve("whole.csv"));

        assertThat(rest.exitCode()).as(rest.err()).isEqualTo(ExitCode.HELD);
        assertThat(rest.err()).contains(KILLED_AFTER + " runs are done, " + (RUNS - KILLED_AFTER) + " are left");
        assertThat(csv).hasSameBinaryContentAs(folder.resolve("whole.csv"));
        assertThat(rest.out()).isEqualTo(whole.out());
        assertThat(journal).doesNotExist();
    }

    private int child(Path csv) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m", "--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"), Child.class.getName()));
        command.addAll(List.of((SWEEP + " --csv " + csv).split(" ")));
        Process process = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(folder.resolve("child.txt").toFile())
                .start();
        try {
            assertThat(process.waitFor(240, TimeUnit.SECONDS)).as("the child ends").isTrue();
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }

    private static CommandRun call(Path csv) {
        return CommandRun.with((world, machine, workload, progress) -> {
            throw new AssertionError("no stress");
        }, (SWEEP + " --csv " + csv).split(" "));
    }
}
