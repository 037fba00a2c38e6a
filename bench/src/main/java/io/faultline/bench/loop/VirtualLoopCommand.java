package io.faultline.bench.loop;

import java.util.ArrayList;
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

/** Measures the virtual world's loop side by side with a plain one. */
@Command(
        name = VirtualLoopCommand.NAME,
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Events per second of the virtual world's loop, side by side with a priority queue of closures.")
public final class VirtualLoopCommand implements FaultlineCommand {
    /** What the user calls it. */
    public static final String NAME = "virtual-loop";

    private static final long CHILD_LIMIT_SECONDS = 300;

    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private VirtualLoopOptions options = new VirtualLoopOptions();

    @Override
    public int run(Console console) throws Exception {
        refuseWhatStandsBeforeTheName();
        VirtualLoopPlan plan = VirtualLoopPlan.of(options);
        ChildJvm child = new ChildJvm(LoopChild.class.getName(), CHILD_LIMIT_SECONDS);
        Map<Entrant, List<Measurement>> measured;
        try {
            measured = new Rounds(child::run, NanoClock.monotonic(), console.err())
                    .run(new ArrayList<>(plan.entrants().values()), plan.rounds(), Long.MAX_VALUE);
        } catch (ContenderFailedException e) {
            console.err().println("faultline bench " + NAME + ": " + e.getMessage());
            return ExitCode.BROKEN;
        }
        VirtualLoopResults results = new VirtualLoopResults(plan, of(LoopContender.OURS, plan, measured),
                of(LoopContender.PLAIN, plan, measured));
        plan.json().summaryStream(console).print(results.table());
        plan.json().write(results.json(), console.out());
        return ExitCode.HELD;
    }

    private static List<Measurement> of(LoopContender contender, VirtualLoopPlan plan,
            Map<Entrant, List<Measurement>> measured) {
        Entrant entrant = plan.entrants().get(contender);
        return entrant == null ? List.of() : measured.getOrDefault(entrant, List.of());
    }

    private void refuseWhatStandsBeforeTheName() {
        CommandSpec bench = spec == null ? null : spec.parent();
        List<String> stray = bench == null ? List.of() : bench.commandLine().getParseResult().unmatched();
        if (!stray.isEmpty()) {
            throw new InvalidInputException(String.join(" ", stray) + ": options go behind the name " + NAME);
        }
    }
}
