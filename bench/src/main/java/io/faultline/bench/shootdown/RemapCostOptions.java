package io.faultline.bench.shootdown;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What {@code bench remap-cost} can be told; {@link RemapCostPlan} reads it. */
final class RemapCostOptions {
    @Option(names = "--rounds", paramLabel = "N",
            description = "How often each point is run; time is virtual, so all must agree (${DEFAULT-VALUE}).")
    int rounds = 1;

    @Option(names = "--cpus", paramLabel = "N",
            description = "CPUs that run the process, the caller's included (${DEFAULT-VALUE}).")
    int cpus = 2;

    @Option(names = "--ring", paramLabel = "K,...", split = ",",
            description = "Sizes of the deferred ring, a row for each (${DEFAULT-VALUE}).")
    int[] ring = {1, 4, 16, 64};

    @Option(names = "--calls", paramLabel = "N", description = "Calls of each point (${DEFAULT-VALUE}).")
    int calls = 20;

    @Option(names = "--profile", paramLabel = "NAME|FILE",
            description = "What everything costs (${DEFAULT-VALUE}); see list profiles.")
    String profile = RemapCostPlan.MEASURED_PROFILE;

    @Option(names = "--seed", paramLabel = "N", description = "Of the order of what is ready (${DEFAULT-VALUE}).")
    long seed = 1;

    @Option(names = "--json", paramLabel = "FILE|-", description = "Write the figures as JSON, - for standard output.")
    @Nullable
    String json;
}
