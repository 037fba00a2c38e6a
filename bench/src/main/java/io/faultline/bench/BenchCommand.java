package io.faultline.bench;

import java.util.List;

import io.faultline.bench.loop.VirtualLoopCommand;
import io.faultline.bench.paging.PagingRateCommand;
import io.faultline.bench.ring.FaultRingCommand;
import io.faultline.bench.shootdown.MunmapCommand;
import io.faultline.bench.shootdown.RemapCostCommand;
import io.faultline.lab.Console;
import io.faultline.lab.FaultlineCommand;
import io.faultline.registry.InvalidInputException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** The benchmarks by name: each is a subcommand of its own, with options of its own. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Measures Faultline side by side with something to compare it with.",
        subcommands = {FaultRingCommand.class, MunmapCommand.class, PagingRateCommand.class, RemapCostCommand.class,
            VirtualLoopCommand.class})
public final class BenchCommand implements FaultlineCommand {
    /** Whatever is no benchmark's name, so that it is refused as that and not as a strange option. */
    @Unmatched
    private @Nullable List<String> rest;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public int run(Console console) {
        String known = spec == null ? "" : String.join(", ", spec.subcommands().keySet());
        if (rest == null || rest.isEmpty()) {
            throw new InvalidInputException("which benchmark? Known are " + known);
        }
        throw new InvalidInputException("unknown benchmark \"" + rest.getFirst() + "\": known are " + known
                + "; options go behind the name");
    }
}
