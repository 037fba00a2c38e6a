package io.faultline.bench.loop;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What {@code bench virtual-loop} can be told; {@link VirtualLoopPlan} reads it. */
final class VirtualLoopOptions {
    @Option(names = "--rounds", paramLabel = "N",
            description = "Rounds, each with both loops in a fresh JVM (${DEFAULT-VALUE}).")
    int rounds = 5;

    @Option(names = "--json", paramLabel = "FILE|-", description = "Write the figures as JSON, - for standard output.")
    @Nullable
    String json;

    @Option(names = "--entities", paramLabel = "N",
            description = "Entities that pass messages, and messages on their way (${DEFAULT-VALUE}).")
    int entities = 4096;

    @Option(names = "--events", paramLabel = "N", description = "Events of a run (${DEFAULT-VALUE}).")
    long events = 4_000_000;

    @Option(names = "--schedule", paramLabel = "fifo|random|pct:depth=D",
            description = "Of our loop (${DEFAULT-VALUE}).")
    String schedule = "random";

    @Option(names = "--heap", paramLabel = "SIZE", description = "Heap of each loop's JVM (${DEFAULT-VALUE}).")
    String heap = "1GiB";

    @Option(names = "--warm-up", paramLabel = "TIME", description = "Of each loop (${DEFAULT-VALUE}).")
    String warmUp = "4s";

    @Option(names = "--measure", paramLabel = "TIME", description = "Measured, at least (${DEFAULT-VALUE}).")
    String measure = "4s";
}
