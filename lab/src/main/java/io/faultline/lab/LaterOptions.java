package io.faultline.lab;

import java.util.List;

import io.faultline.registry.InvalidInputException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** Options of the design whose work is still to come: known, left out of the help, and refused by name. */
final class LaterOptions {
    private static final List<String> NAMES = List.of("--cpus");

    private LaterOptions() {}

    /** Makes a command know them, with a value or without. */
    static void addTo(CommandSpec command) {
        for (String name : NAMES) {
            command.addOption(OptionSpec.builder(name).type(String.class).arity("0..1").hidden(true).build());
        }
    }

    /**
     * Refuses.
     *
     * @throws InvalidInputException when the user gave one of them
     */
    static void refuse(ParseResult parsed) {
        for (String name : NAMES) {
            if (parsed.hasMatchedOption(name)) {
                throw new InvalidInputException("the option " + name + " is not available yet");
            }
        }
    }
}
