package io.faultline.bench.ring;

import java.util.List;
import java.util.Map;

import io.faultline.bench.measure.BenchSubcommand;
import io.faultline.bench.measure.ChildJvm;
import io.faultline.bench.measure.Entrant;
import io.faultline.bench.measure.Measurement;
import io.faultline.bench.measure.Rounds;
import io.faultline.lab.Console;
import io.faultline.lab.ExitCode;
import io.faultline.time.NanoClock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Measures the machine side by side with its peers. */
@Command(
        name = FaultRingCommand.NAME,
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Faults per second of the real machine, side by side with bare Pekko rings and with the same job"
                + " written by hand without actors.")
public final class FaultRingCommand extends BenchSubcommand {
    /** What the user calls it. */
    public static final String NAME = "fault-ring";

    private static final long CHILD_LIMIT_SECONDS = 300;

    @Mixin
    private FaultRingOptions options = new FaultRingOptions();

    public FaultRingCommand() {
        super(NAME);
    }

    @Override
    protected int measure(Console console) throws Exception {
        FaultRingPlan plan = FaultRingPlan.of(options);
        ChildJvm child = new ChildJvm(FaultRingChild.class.getName(), CHILD_LIMIT_SECONDS);
        List<Entrant> entrants = plan.entries().stream().map(RingEntry::entrant).toList();
        Map<Entrant, List<Measurement>> measured = new Rounds(child::run, NanoClock.monotonic(), console.err())
                .run(entrants, plan.rounds(), plan.budgetNanos());
        RingResults results = RingResults.of(plan, measured);
        plan.json().summaryStream(console).print(RingTable.of(plan, results));
        plan.json().write(RingJson.of(plan, results), console.out());
        return ExitCode.HELD;
    }
}
