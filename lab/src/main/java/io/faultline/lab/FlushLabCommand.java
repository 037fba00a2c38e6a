package io.faultline.lab;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

import io.faultline.lab.sweep.SweepCsv;
import io.faultline.lab.sweep.SweepJournal;
import io.faultline.lab.sweep.SweepPoint;
import io.faultline.lab.sweep.SweepResult;
import io.faultline.lab.sweep.SweepRun;
import io.faultline.time.NanoClock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Sweeps flush policies over machines and workloads, and tells which is best at what. */
@Command(
        name = FlushLabCommand.NAME,
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Sweeps flush policies over machines and workloads in virtual time, side by side on all cores, and"
                + " tells which is best at what, and how sure that is. A sweep that was killed goes on where it was"
                + " when it is begun again with the same --csv or --json file.")
final class FlushLabCommand implements FaultlineCommand {
    static final String NAME = "flush-lab";

    private final SweepRunner runner;

    @Mixin
    private FlushLabOptions options = new FlushLabOptions();

    FlushLabCommand(SweepRunner runner) {
        this.runner = runner;
    }

    @Override
    public int run(Console console) throws IOException, InterruptedException {
        NanoClock clock = NanoClock.monotonic();
        long beganNanos = clock.nanos();
        FlushLabPlan plan = FlushLabPlan.of(options);
        try (SweepJournal journal = journal(plan)) {
            SweepResult result = SweepResult.of(plan.matrix(), sweep(plan, journal, console, clock));
            new FlushLabText(plan.json().summaryStream(console)).print(result);
            plan.csv().write(SweepCsv.of(result), console.out());
            plan.json().write(FlushLabJson.of(plan, result, clock.nanos() - beganNanos), console.out());
            journal.delete();
            return result.unsafe().isEmpty() ? ExitCode.HELD : ExitCode.BROKEN;
        }
    }

    private static SweepJournal journal(FlushLabPlan plan) throws IOException {
        Path path = plan.journal();
        return path == null ? SweepJournal.none() : SweepJournal.open(path, plan.matrix());
    }

    private List<SweepRun> sweep(FlushLabPlan plan, SweepJournal journal, Console console, NanoClock clock)
            throws IOException, InterruptedException {
        List<SweepPoint> left = plan.matrix()
                .points()
                .stream()
                .filter(point -> !journal.runs().containsKey(point.index()))
                .toList();
        if (!journal.runs().isEmpty()) {
            console.err()
                    .println(NAME + ": goes on from " + journal.path() + ": " + journal.runs().size()
                            + " runs are done, " + left.size() + " are left");
        }
        try (var display = new SweepDisplay(console, left, clock)) {
            return runner.run(plan.matrix(), journal, plan.parallel(), display);
        }
    }
}
