package io.faultline.lab;

import java.util.List;
import java.util.stream.Collectors;

/** Prints what the command line reports of some virtual runs, without wall time; a program, to be run in its own JVM. */
final class PrintReports {
    private static final String MACHINE = "stress --world virtual --vcpus 24 --memory 1MiB --memslots 4 --seed 11"
            + " --access random --accesses 2000 --write-ratio 0.5 --source-latency 50us --evict-above 60"
            + " --chaos fetch-error:0.01 --json - --schedule ";
    static final List<String> SCHEDULES = List.of("random", "fifo", "pct:depth=4,steps=20000");

    private PrintReports() {}

    /** The report of each schedule, in order. */
    static List<String> reports() {
        return SCHEDULES.stream().map(PrintReports::report).toList();
    }

    private static String report(String schedule) {
        CommandRun run = CommandRun.with(StressRunner.WORLDS, (MACHINE + schedule).split(" +"));
        if (run.exitCode() != ExitCode.HELD) {
            throw new AssertionError(run.err());
        }
        return run.out().lines().filter(line -> !line.startsWith("  \"wall")).collect(Collectors.joining("\n"));
    }

    /** Prints them. */
    public static void main(String[] arguments) {
        reports().forEach(System.out::println);
    }
}
