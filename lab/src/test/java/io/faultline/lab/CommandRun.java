package io.faultline.lab;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

import io.faultline.lab.sweep.SweepRun;
import io.faultline.machine.Report;
import io.faultline.shootdown.ShootdownResult;

/** What one call of the command line did. */
record CommandRun(int exitCode, String out, String err) {
    /** Calls it with a runner in the worlds' place. */
    static CommandRun with(StressRunner runner, String... args) {
        return with(runner, SweepRunner.VIRTUAL, args);
    }

    /** Calls it with a runner in the worlds' place, and another for sweeps. */
    static CommandRun with(StressRunner runner, SweepRunner sweeps, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exitCode;
        try (PrintStream outStream = new PrintStream(out, true, StandardCharsets.UTF_8);
                PrintStream errStream = new PrintStream(err, true, StandardCharsets.UTF_8)) {
            exitCode = Subcommands.of(new StressCommand(runner), new ExploreCommand(), new FlushLabCommand(sweeps),
                    new ListCommand())
                    .run(args, new Console(outStream, errStream, false));
        }
        return new CommandRun(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** Calls it with worlds that answer with a report. */
    static CommandRun reporting(Report report, String... args) {
        return with((world, machine, workload, progress) -> report, args);
    }

    /** Calls it with worlds that answer with a report, and sweeps that run only one point and take it for all. */
    static CommandRun sampling(Report report, String... args) {
        return with((world, machine, workload, progress) -> report, (matrix, journal, parallel, listener) -> {
            ShootdownResult first = matrix.run(matrix.points().getFirst());
            return matrix.points().stream().map(point -> new SweepRun(point, first, null)).toList();
        }, args);
    }

    /** Calls it with worlds that must not be reached. */
    static CommandRun neverRunning(String... args) {
        return with((world, machine, workload, progress) -> {
            throw new AssertionError("bad input reached the world");
        }, (matrix, journal, parallel, listener) -> {
            throw new AssertionError("bad input reached the laboratory");
        }, args);
    }
}
