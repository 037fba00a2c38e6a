package io.faultline.bench.loop;

import java.util.ArrayList;
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

/** Measures the virtual world's loop side by side with a plain one. */
@Command(
        name = VirtualLoopCommand.NAME,
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Events per second of the virtual world's loop, side by side with a priority queue of closures.")
public final class VirtualLoopCommand extends BenchSubcommand {
    /** What the user calls it. */
    public static final String NAME = "virtual-loop";

    private static final long CHILD_LIMIT_SECONDS = 300;

    @Mixin
    private VirtualLoopOptions options = new VirtualLoopOptions();

    public VirtualLoopCommand() {
        super(NAME);
    }

    @Override
    protected int measure(Console console) throws Exception {
        VirtualLoopPlan plan = VirtualLoopPlan.of(options);
        ChildJvm child = new ChildJvm(LoopChild.class.getName(), CHILD_LIMIT_SECONDS);
        Map<Entrant, List<Measurement>> measured = new Rounds(child::run, NanoClock.monotonic(), console.err())
                .run(new ArrayList<>(plan.entrants().values()), plan.rounds(), Long.MAX_VALUE);
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
}
