package io.faultline.lab;

import java.io.PrintStream;
import java.util.ServiceLoader;

/** The entry point of the command line. */
public final class Main {
    private Main() {}

    /**
     * Runs the command line and exits with its code.
     *
     * @param args as the user wrote them
     */
    public static void main(String[] args) {
        System.exit(subcommands().run(args, Console.ofProcess()));
    }

    /**
     * Runs the command line within a program of one's own: never exits, touches no other stream.
     *
     * @param args as a user would write them
     * @param out for results
     * @param err for progress, and what went wrong
     * @return the exit code, see {@link ExitCode}
     */
    public static int run(String[] args, PrintStream out, PrintStream err) {
        return subcommands().run(args, new Console(out, err, false));
    }

    private static Subcommands subcommands() {
        return Subcommands
                .of(new StressCommand(StressRunner.WORLDS), new ExploreCommand(),
                        new FlushLabCommand(SweepRunner.VIRTUAL),
                        new ListCommand())
                .and(ServiceLoader.load(FaultlineCommand.class));
    }
}
