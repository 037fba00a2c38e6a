package io.faultline.bench.paging;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What {@code bench paging-rate} can be told; {@link PagingRatePlan} reads it. */
final class PagingRateOptions {
    @Option(names = "--rounds", paramLabel = "N",
            description = "How often each point is run; time is virtual, so all must agree (${DEFAULT-VALUE}).")
    int rounds = 1;

    @Option(names = "--vcpus", paramLabel = "N,...", split = ",", description = "A row for each (${DEFAULT-VALUE}).")
    int[] vcpus = {1, 2, 4, 8, 16, 32, 64, 128, 256};

    @Option(names = "--pages", paramLabel = "N", description = "Pages each vCPU touches (${DEFAULT-VALUE}).")
    int pages = 512;

    @Option(names = "--profile", paramLabel = "NAME|FILE",
            description = "What everything costs (${DEFAULT-VALUE}); see list profiles.")
    String profile = "bare-256c";

    @Option(names = "--seed", paramLabel = "N", description = "Of the order of what is ready (${DEFAULT-VALUE}).")
    long seed = 1;

    @Option(names = "--json", paramLabel = "FILE|-", description = "Write the figures as JSON, - for standard output.")
    @Nullable
    String json;
}
