package io.faultline.bench.paging;

import java.util.ArrayList;
import java.util.List;

import io.faultline.bench.measure.BenchSubcommand;
import io.faultline.lab.Console;
import io.faultline.lab.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Runs the KVM paging-rate experiment in virtual time. */
@Command(
        name = PagingRateCommand.NAME,
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "How many pages a second a guest's vCPUs get through one userfaultfd, through one each and through"
                + " exits to user space, in virtual time, beside what was published.")
public final class PagingRateCommand extends BenchSubcommand {
    /** What the user calls it. */
    public static final String NAME = "paging-rate";

    @Mixin
    private PagingRateOptions options = new PagingRateOptions();

    public PagingRateCommand() {
        super(NAME);
    }

    @Override
    protected int measure(Console console) throws Exception {
        PagingRatePlan plan = PagingRatePlan.of(options);
        List<PagingRow> rows = new ArrayList<>();
        for (int vcpus : plan.vcpus()) {
            console.err().println("paging-rate: " + vcpus + " vCPUs");
            rows.add(PagingRow.run(plan, vcpus));
        }
        plan.json().summaryStream(console).print(PagingTable.of(plan, rows));
        plan.json().write(PagingJson.of(plan, rows), console.out());
        return ExitCode.HELD;
    }
}
