package io.faultline.bench.paging;

import java.util.ArrayList;
import java.util.List;

import io.faultline.lab.Console;
import io.faultline.lab.ExitCode;
import io.faultline.lab.FaultlineCommand;
import io.faultline.registry.InvalidInputException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Runs the KVM paging-rate experiment in virtual time. */
@Command(
        name = PagingRateCommand.NAME,
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "How many pages a second a guest's vCPUs get through one userfaultfd, through one each and through"
                + " exits to user space, in virtual time, beside what was published.")
public final class PagingRateCommand implements FaultlineCommand {
    /** What the user calls it. */
    public static final String NAME = "paging-rate";

    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private PagingRateOptions options = new PagingRateOptions();

    @Override
    public int run(Console console) throws Exception {
        refuseWhatStandsBeforeTheName();
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

    private void refuseWhatStandsBeforeTheName() {
        CommandSpec bench = spec == null ? null : spec.parent();
        List<String> stray = bench == null ? List.of() : bench.commandLine().getParseResult().unmatched();
        if (!stray.isEmpty()) {
            throw new InvalidInputException(String.join(" ", stray) + ": options go behind the name " + NAME);
        }
    }
}
