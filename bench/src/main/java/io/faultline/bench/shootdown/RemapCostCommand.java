package io.faultline.bench.shootdown;

import io.faultline.bench.measure.BenchSubcommand;
import io.faultline.lab.Console;
import io.faultline.lab.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** What MOVE, COPY and mprotect cost with their flushes, and what a deferred ring would. */
@Command(
        name = RemapCostCommand.NAME,
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "What MOVE, COPY and mprotect take with their flushes, in virtual time beside what was measured; from"
                + " how many pages on MOVE beats COPY, and from which size on a deferred ring of single-page MOVEs does.")
public final class RemapCostCommand extends BenchSubcommand {
    /** What the user calls it. */
    public static final String NAME = "remap-cost";

    @Mixin
    private RemapCostOptions options = new RemapCostOptions();

    public RemapCostCommand() {
        super(NAME);
    }

    @Override
    protected int measure(Console console) throws Exception {
        RemapCostPlan plan = RemapCostPlan.of(options);
        console.err().println("remap-cost: " + MeasuredPoint.ALL.size() + " points, " + plan.rings().size() + " rings");
        RemapCosts costs = RemapCosts.run(plan);
        plan.json().summaryStream(console).print(RemapCostTable.of(plan, costs));
        plan.json().write(RemapCostJson.of(plan, costs), console.out());
        return ExitCode.HELD;
    }
}
