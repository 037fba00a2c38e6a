package io.faultline.bench.shootdown;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What {@code bench munmap} can be told; {@link MunmapPlan} reads it. */
final class MunmapOptions {
    @Option(names = "--rounds", paramLabel = "N",
            description = "How often each point is run; time is virtual, so all must agree (${DEFAULT-VALUE}).")
    int rounds = 1;

    @Option(names = "--cores", paramLabel = "N,...", split = ",",
            description = "LATR: a row for each number of cores (${DEFAULT-VALUE}).")
    int[] cores = {1, 2, 4, 8, 12, 16};

    @Option(names = "--calls", paramLabel = "N", description = "Calls of munmap in each row (${DEFAULT-VALUE}).")
    int calls = 200;

    @Option(names = "--profile", paramLabel = "NAME|FILE",
            description = "LATR: what everything costs (${DEFAULT-VALUE}); see list profiles.")
    String profile = "bare-2s16c";

    @Option(names = "--loop-cores", paramLabel = "N",
            description = "will-it-scale: cores, each with a thread (${DEFAULT-VALUE}).")
    int loopCores = MunmapPlan.PUBLISHED_LOOP_CORES;

    @Option(names = "--loops", paramLabel = "N",
            description = "will-it-scale: loops of each thread (${DEFAULT-VALUE}).")
    int loops = 200;

    @Option(names = "--loop-profile", paramLabel = "NAME|FILE",
            description = "will-it-scale: what everything costs (${DEFAULT-VALUE}).")
    String loopProfile = "bare-256c";

    @Option(names = "--seed", paramLabel = "N", description = "Of the order of what is ready (${DEFAULT-VALUE}).")
    long seed = 1;

    @Option(names = "--json", paramLabel = "FILE|-", description = "Write the figures as JSON, - for standard output.")
    @Nullable
    String json;
}
