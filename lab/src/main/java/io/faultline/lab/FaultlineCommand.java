package io.faultline.lab;

/**
 * A subcommand. A class that implements this, has a public constructor without parameters, carries picocli's
 * {@code @Command(name = …)} and its options, and is named in {@code META-INF/services/io.faultline.lab.FaultlineCommand},
 * is part of the command line. One instance serves one call.
 */
public interface FaultlineCommand {
    /**
     * Runs, with the options filled in.
     *
     * @param console where to write to: results to its standard output, everything else to its standard error
     * @return the exit code, see {@link ExitCode}
     * @throws io.faultline.registry.InvalidInputException when the input cannot be used; only before any work
     * @throws MachineLacksException when this machine lacks what is needed
     * @throws Exception when the command broke off
     */
    int run(Console console) throws Exception;
}
