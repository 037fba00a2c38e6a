package io.faultline.lab;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

import io.faultline.lab.stress.StressPage;
import io.faultline.lab.stress.WhatWasRun;
import io.faultline.machine.OracleLevel;
import io.faultline.machine.Report;
import io.faultline.machine.RunProgress;
import io.faultline.time.NanoClock;
import io.faultline.units.Counts;
import io.faultline.workload.WorkloadShape;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** Runs a machine under load and says whether anything was lost, corrupted or flushed wrongly. */
@Command(
        name = "stress",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Has thousands of vCPUs fault at once, and checks every page they read.")
final class StressCommand implements FaultlineCommand {
    private static final String NAME = "stress";

    private final StressRunner runner;

    @Mixin
    private StressOptions options;

    @Spec
    private @Nullable CommandSpec spec;

    /**
     * @param runner what runs it
     */
    StressCommand(StressRunner runner) {
        this.runner = runner;
        options = new StressOptions();
    }

    @Override
    public int run(Console console) throws Exception {
        StressPlan plan = StressPlan.of(options);
        Report report = run(plan, console);
        plan.json().summaryStream(console).print(ReportSummary.of(report, headline(plan)));
        write(plan, report, console);
        return report.invariantsHeld() ? ExitCode.HELD : ExitCode.BROKEN;
    }

    private Report run(StressPlan plan, Console console) throws Exception {
        boolean virtual = plan.world() instanceof WorldChoice.Virtual;
        // In virtual time it is the world's clock that ends a run: asking one on the wall would make each run another.
        long wallLimitNanos = virtual ? 0 : plan.durationNanos();
        try (ProgressDisplay display = ProgressDisplay.on(console, NAME, wallLimitNanos, NanoClock.monotonic())) {
            RunProgress progress = virtual ? new TimedProgress(display, plan.durationNanos()) : display;
            return plan.events()
                    .around(() -> runner.run(plan.world(), plan.machine(), plan.workload(), progress));
        }
    }

    private void write(StressPlan plan, Report report, Console console) throws IOException {
        Map<String, Object> shown = ShownOptions.of(options, plan);
        plan.json().write(ReportJson.of(NAME, shown, report), console.out());
        plan.html().write(series -> StressPage.of(whatWasRun(plan, shown), report, series));
    }

    private WhatWasRun whatWasRun(StressPlan plan, Map<String, Object> shown) {
        return new WhatWasRun(headline(plan), AgainLine.of(NAME, parsed(), plan.machine().seed()), shown,
                plan.machine().oracle() != OracleLevel.OFF, RootCommand.Version.faultline());
    }

    private ParseResult parsed() {
        return Objects.requireNonNull(spec, "picocli has set it").commandLine().getParseResult();
    }

    private List<String> headline(StressPlan plan) {
        var machine = plan.machine();
        WorkloadShape shape = plan.shape();
        return List.of(
                "Faultline stress in world " + options.world + ", seed " + machine.seed(),
                Counts.format(machine.vcpus()) + " vCPUs, " + Counts.format(machine.memslots()) + " memslots, "
                        + machine.memory() + " in pages of " + options.page + ", " + plan.workload().name()
                        + String.format(Locale.ROOT, ", %.0f %% writes", 100 * shape.writeRatio()),
                "contents from " + plan.image().description());
    }
}
