package io.faultline.bench.shootdown;

import io.faultline.bench.measure.BenchSubcommand;
import io.faultline.lab.Console;
import io.faultline.lab.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** What lazy and broadcast flushes gain where memory is unmapped. */
@Command(
        name = MunmapCommand.NAME,
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "What munmap takes with interrupts and with LATR's lazy flushes, by number of cores, and what"
                + " broadcasts gain with and without another lock in the way; in virtual time beside what was published.")
public final class MunmapCommand extends BenchSubcommand {
    /** What the user calls it. */
    public static final String NAME = "munmap";

    @Mixin
    private MunmapOptions options = new MunmapOptions();

    public MunmapCommand() {
        super(NAME);
    }

    @Override
    protected int measure(Console console) throws Exception {
        MunmapPlan plan = MunmapPlan.of(options);
        console.err().println("munmap: " + plan.cores().size() + " rows, 4 loops");
        MunmapCosts costs = MunmapCosts.run(plan);
        plan.json().summaryStream(console).print(MunmapTable.of(plan, costs));
        plan.json().write(MunmapJson.of(plan, costs), console.out());
        return ExitCode.HELD;
    }
}
