package io.faultline.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The command line that does a run again: as the user wrote it, without output paths, with the seed. */
final class AgainLine {
    private static final Set<String> OUTPUTS = Set.of("--json", "--html", "--events");
    private static final String SEED = "--seed";
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

    private AgainLine() {}

    /**
     * Writes it.
     *
     * @param command the subcommand
     * @param parsed its options as they were given
     * @param seed of the run
     */
    static String of(String command, ParseResult parsed, long seed) {
        List<String> words = new ArrayList<>(List.of("./faultline", command));
        for (OptionSpec option : parsed.matchedOptions()) {
            String name = option.longestName();
            if (OUTPUTS.contains(name) || name.equals(SEED)) {
                continue;
            }
            if (option.typeInfo().isBoolean()) {
                words.add(option.<Boolean>getValue() ? name : name + "=false");
            } else {
                words.add(name);
                words.add(quoted(option.originalStringValues().getLast()));
            }
        }
        words.add(SEED);
        words.add(String.valueOf(seed));
        return String.join(" ", words);
    }

    /** A word as a POSIX shell takes it. */
    static String quoted(String word) {
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
