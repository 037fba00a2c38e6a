package io.faultline.bench.measure;

import java.util.List;

import io.faultline.lab.Console;
import io.faultline.lab.ExitCode;
import io.faultline.lab.FaultlineCommand;
import io.faultline.registry.InvalidInputException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What every {@code bench NAME} does alike: it takes options behind its name only, and says who failed. */
public abstract class BenchSubcommand implements FaultlineCommand {
    private final String name;

    @Spec
    private @Nullable CommandSpec spec;

    /**
     * @param name what the user calls it
     */
    protected BenchSubcommand(String name) {
        this.name = name;
    }

    /**
     * Reads the options, measures, and writes what came of it.
     *
     * @return the exit code
     * @throws ContenderFailedException when there is nothing to compare; its message is told, and the exit code is 1
     */
    protected abstract int measure(Console console) throws Exception;

    @Override
    public final int run(Console console) throws Exception {
        refuseWhatStandsBeforeTheName();
        refuseWhatIsUnknown();
        try {
            return measure(console);
        } catch (ContenderFailedException e) {
            console.err().println("faultline bench " + name + ": " + e.getMessage());
            return ExitCode.BROKEN;
        }
    }

    /** The command above takes what it does not know, to say so itself; picocli then has its subcommands do the same. */
    private void refuseWhatIsUnknown() {
        List<String> unknown = spec == null ? List.of() : spec.commandLine().getParseResult().unmatched();
        if (!unknown.isEmpty()) {
            throw new InvalidInputException(
                    String.join(" ", unknown) + ": bench " + name + " has no such option; see bench " + name
                            + " --help");
        }
    }

    private void refuseWhatStandsBeforeTheName() {
        CommandSpec bench = spec == null ? null : spec.parent();
        List<String> stray = bench == null ? List.of() : bench.commandLine().getParseResult().unmatched();
        if (!stray.isEmpty()) {
            throw new InvalidInputException(String.join(" ", stray) + ": options go behind the name " + name);
        }
    }
}
