package io.faultline.lab;

import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** The command line above its subcommands. */
@Command(
        name = "faultline",
        mixinStandardHelpOptions = true,
        versionProvider = RootCommand.Version.class,
        description = "Faultline, a concurrent page-fault-handling runtime made of actors.",
        footer = {
            "", "Sizes, durations and rates carry units: 1GiB, 50us, 2GiB/s.",
            "Exit codes: 0 every invariant held, 1 one did not (or the run broke off),",
            "2 bad usage or input, 3 this machine lacks what the command needs."})
final class RootCommand {
    static final class Version implements IVersionProvider {
        /** Faultline's own. */
        static String faultline() {
            String version = RootCommand.class.getPackage().getImplementationVersion();
            return version == null ? "(unpackaged)" : version;
        }

        @Override
        public String[] getVersion() {
            return new String[]{"faultline " + faultline() + ", Java " + Runtime.version().feature()};
        }
    }
}
