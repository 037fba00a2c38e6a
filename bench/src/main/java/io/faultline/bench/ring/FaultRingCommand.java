package io.faultline.bench.ring;

import java.util.List;
import java.util.Map;

import io.faultline.bench.measure.ChildJvm;
import io.faultline.bench.measure.ContenderFailedException;
import io.faultline.bench.measure.Entrant;
import io.faultline.bench.measure.Measurement;
import io.faultline.bench.measure.Rounds;
import io.faultline.lab.Console;
import io.faultline.lab.ExitCode;
import io.faultline.lab.FaultlineCommand;
import io.faultline.registry.InvalidInputException;
import io.faultline.time.NanoClock;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Measures the machine side by side with its peers. */
@Command(
        name = FaultRingCommand.NAME,
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Faults per second of the real machine, side by side with bare Pekko rings and with the same job"
                + " written by hand without actors.")
public final class FaultRingCommand implements FaultlineCommand {
    /** What the user calls it. */
    public static final String NAME = "fault-ring";

    private static final long CHILD_LIMIT_SECONDS = 300;

    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private FaultRingOptions options = new FaultRingOptions();

    @Override
    public int run(Console console) throws Exception {
        refuseWhatStandsBeforeTheName();
        FaultRingPlan plan = FaultRingPlan.of(options);
        ChildJvm child = new ChildJvm(FaultRingChild.class.getName(), CHILD_LIMIT_SECONDS);
        List<Entrant> entrants = plan.entries().stream().map(RingEntry::entrant).toList();
        Map<Entrant, List<Measurement>> measured;
        try {
            measured = new Rounds(child::run, NanoClock.monotonic(), console.err())
                    .run(entrants, plan.rounds(), plan.budgetNanos());
        } catch (ContenderFailedException e) {
            console.err().println("faultline bench " + NAME + ": " + e.getMessage());
            return ExitCode.BROKEN;
        }
        RingResults results = RingResults.of(plan, measured);
        plan.json().summaryStream(console).print(RingTable.of(plan, results));
        plan.json().write(RingJson.of(plan, results), console.out());
        return ExitCode.HELD;
    }

    private void refuseWhatStandsBeforeTheName() {
        CommandSpec bench = spec == null ? null : spec.parent();
        List<String> stray = bench == null ? List.of() : bench.commandLine().getParseResult().unmatched();
        if (!stray.isEmpty()) {
            throw new InvalidInputException(String.join(" ", stray) + ": options go behind the name " + NAME);
        }
    }
}
