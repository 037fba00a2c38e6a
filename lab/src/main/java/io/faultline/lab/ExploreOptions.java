package io.faultline.lab;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What {@code explore} can be told. */
final class ExploreOptions {
    @Option(names = "--race", paramLabel = "NAME|all",
            description = "Which race (${DEFAULT-VALUE}); see list races. One of your own by the name of its class.")
    String race = "all";

    @Option(names = "--variant", paramLabel = "broken|fixed|all",
            description = "With the bug, with its fix, or both (${DEFAULT-VALUE}).")
    String variant = "all";

    @Option(names = "--seeds", paramLabel = "N", description = "How many seeds to try of each (${DEFAULT-VALUE}).")
    int seeds = 2000;

    @Option(names = "--seed", paramLabel = "N", description = "The first of them (${DEFAULT-VALUE}).")
    long seed = 1;

    @Option(names = "--schedule", paramLabel = "fifo|random|pct:depth=D",
            description = "Which of the pending steps comes next (${DEFAULT-VALUE}).")
    String schedule = "random";

    @Option(names = "--replay", paramLabel = "FILE",
            description = "Play again what a report of explore has found, instead of looking for more.")
    @Nullable
    String replay;

    @Option(names = "--json", paramLabel = "FILE|-", description = "Write the report as JSON, - for standard output.")
    @Nullable
    String json;
}
