package io.faultline.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.faultline.machine.MachineListener;
import io.faultline.ring.Resolution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The page of a run, as text; {@code BrowserTest} looks at it. */
@Timeout(60)
class StressHtmlTest {
    private static final String SMALL =
            "stress --vcpus 16 --memory 2MiB --memslots 4 --source-latency 50us --evict-above 50 --accesses 3000";

    @TempDir
    private Path folder = Path.of("");

    @ParameterizedTest
    @ValueSource(strings = {"virtual", "threads"})
    void shouldShowTheVerdictEveryChartAndEveryFigure(String world) throws IOException {
        Path file = folder.resolve("run.html");
        CommandRun run = run("--world " + world + " --html " + file);
        String html = Files.readString(file);

        assertThat(run.out()).contains("every invariant held");
        assertThat(html).contains("Every invariant held", "Latency of a fault", "Stages of a fault",
                "The slowest faults", "Faults over time", "States of the vCPUs", "Reads in flight", "IPIs over time",
                "faults.latencyNanos.p99", "./faultline stress --vcpus 16 --memory 2MiB --memslots 4");
        assertThat(files()).containsExactly("run.html");
    }

    @Test
    void shouldGiveTheSamePageForTheSameSeedButForWallTime() throws IOException {
        run("--world virtual --seed 3 --html " + folder.resolve("first.html"));
        run("--world virtual --seed 3 --html " + folder.resolve("second.html"));

        assertThat(withoutWallTime("first.html")).isEqualTo(withoutWallTime("second.html"));
    }

    private String withoutWallTime(String name) throws IOException {
        return Files.readString(folder.resolve(name))
                .lines()
                .filter(line -> !line.contains("wallNanos") && !line.contains("Time on the wall"))
                .collect(Collectors.joining("\n"));
    }

    @Test
    void shouldNotChangeTheRunItShows() throws IOException {
        String with = run("--world virtual --json - --html " + folder.resolve("run.html")).out();
        String without = run("--world virtual --json -").out();

        assertThat(new ObjectMapper().readTree(with).get("traceHash"))
                .isEqualTo(new ObjectMapper().readTree(without).get("traceHash"));
        assertThat(new ObjectMapper().readTree(with).get("options")).as("no output paths")
                .isEqualTo(new ObjectMapper().readTree(without).get("options"));
    }

    @Test
    void shouldWriteEventsAndPageOfTheSameRun() throws IOException {
        run("--world virtual --html " + folder.resolve("run.html") + " --events " + folder.resolve("run.json"));

        assertThat(files()).containsExactlyInAnyOrder("run.html", "run.json");
        assertThat(Files.size(folder.resolve("run.json"))).isPositive();
    }

    @Test
    void shouldSayWhatBrokeInWords() throws IOException {
        Path file = folder.resolve("run.html");
        CommandRun run = CommandRun.reporting(Reports.broken(3), "stress", "--html", file.toString());

        assertThat(run.exitCode()).isEqualTo(ExitCode.BROKEN);
        assertThat(Files.readString(file)).contains("NOT every invariant held", "faults.lost is 3",
                "O1: page 7 freed while CPU 3 could still reach it", "class=\"verdict broken\"");
    }

    @Test
    void shouldSayWhyThereIsNothingToSeeWhereNoTimePassed() throws IOException {
        Path file = folder.resolve("run.html");
        CommandRun.reporting(Reports.timeless(), "stress", "--world", "virtual", "--html", file.toString());

        assertThat(Files.readString(file)).contains("in the instant it was raised", "No time passed");
    }

    @Test
    void shouldLeaveNothingBehindWhenTheRunBreaksOff() throws IOException {
        CommandRun run = CommandRun.with((world, machine, workload, progress) -> {
            throw new IllegalStateException("the run broke off");
        }, "stress", "--html", folder.resolve("run.html").toString());

        assertThat(run.exitCode()).isEqualTo(ExitCode.BROKEN);
        assertThat(files()).isEmpty();
    }

    @Test
    void shouldGatherNothingUnlessAsked() {
        List<MachineListener> heard = new ArrayList<>();
        CommandRun.with((world, machine, workload, progress) -> {
            heard.add(machine.listener());
            return Reports.held();
        }, "stress");

        assertThat(heard).containsExactly(MachineListener.NONE);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "stress --minor-faults --seed 4 --json -|./faultline stress --minor-faults --seed 4",
        "stress --access zipf:1.1 --source synthetic|./faultline stress --access zipf:1.1 --source synthetic --seed 1"})
    void shouldGiveTheLineThatRunsItAgain(String args, String line) throws IOException {
        Path file = folder.resolve("run.html");
        CommandRun.reporting(Reports.held(), (args + " --html " + file).split(" "));

        assertThat(Files.readString(file)).contains("<code>" + line + "</code>");
    }

    @Test
    void shouldQuoteWhatAShellWouldTakeApart() {
        assertThat(AgainLine.quoted("ring:size=64+lazy")).isEqualTo("ring:size=64+lazy");
        assertThat(AgainLine.quoted("my file's $(name)")).isEqualTo("'my file'\\''s $(name)'");
        assertThat(AgainLine.quoted("")).isEqualTo("''");
    }

    @Test
    void shouldExplainEveryFigure() throws IOException {
        Path file = folder.resolve("run.html");
        run("--world virtual --chaos fetch-error:0.01 --html " + file);

        assertThat(Files.readString(file).lines().filter(line -> line.endsWith("<td class=\"words\"></td></tr>")))
                .as("figures without an explanation in figures.properties")
                .isEmpty();
    }

    /** A listener that gains a method must not lose it where two listen. */
    @Test
    void shouldTellBothListenersEverything() throws ReflectiveOperationException {
        List<String> told = new ArrayList<>();
        MachineListener both = HeardByBoth.of(recording("first", told), recording("second", told));
        for (Method method : MachineListener.class.getMethods()) {
            told.clear();
            method.invoke(both, Stream.of(method.getParameterTypes()).map(StressHtmlTest::any).toArray());
            assertThat(told).containsExactly("first " + method.getName(), "second " + method.getName());
        }
    }

    private static MachineListener recording(String who, List<String> told) {
        InvocationHandler handler = (_, method, _) -> {
            told.add(who + " " + method.getName());
            return null;
        };
        return (MachineListener) Proxy.newProxyInstance(MachineListener.class.getClassLoader(),
                new Class<?>[]{MachineListener.class}, handler);
    }

    private static Object any(Class<?> type) {
        if (type == long.class) {
            return 1L;
        } else if (type == int.class) {
            return 1;
        }
        return type == boolean.class ? (Object) true : Resolution.COPY;
    }

    private static CommandRun run(String args) {
        CommandRun run = CommandRun.with(StressRunner.WORLDS, (SMALL + " " + args).split(" +"));
        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.HELD);
        return run;
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
