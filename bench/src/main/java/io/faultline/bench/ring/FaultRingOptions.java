package io.faultline.bench.ring;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What {@code bench fault-ring} can be told; {@link FaultRingPlan} reads it. */
final class FaultRingOptions {
    @Option(names = "--rounds", paramLabel = "N",
            description = "Rounds, each with every contender in a fresh JVM (3, or what fits into four minutes).")
    @Nullable
    Integer rounds;

    @Option(names = "--json", paramLabel = "FILE|-", description = "Write the figures as JSON, - for standard output.")
    @Nullable
    String json;

    @Option(names = "--vcpus", paramLabel = "N", description = "vCPUs (${DEFAULT-VALUE}).")
    int vcpus = 4096;

    @Option(names = "--sharing", paramLabel = "N,...", split = ",",
            description = "How many vCPUs share each page, one table each (${DEFAULT-VALUE}).")
    int[] sharing = {1, 4};

    @Option(names = "--accesses", paramLabel = "N",
            description = "First accesses of a run, over all vCPUs, rounded down to whole ones (${DEFAULT-VALUE}).")
    int accesses = 1 << 19;

    @Option(names = "--contents", paramLabel = "bytes|tokens",
            description = "Real bytes, or a 64-bit token for each page (${DEFAULT-VALUE}): with bytes, copying,"
                    + " comparing and the kernel's zeroing are what is measured.")
    String contents = "tokens";

    @Option(names = "--in-flight", paramLabel = "PAGES",
            description = "Pages being fetched at once (${DEFAULT-VALUE}).")
    int inFlight = 256;

    @Option(names = "--executor", paramLabel = "fork-join|fork-join-lifo|fixed",
            description = "The pool of the hand-written peer (${DEFAULT-VALUE}, the fastest fair one).")
    String executor = "fork-join";

    @Option(names = "--contenders", paramLabel = "NAME,...", split = ",",
            description = "Only these: ours, bare-ring, bare-halts, executor, virtual-threads, at-100, at-10000, at-1000000.")
    @Nullable
    String[] contenders;

    @Option(names = "--scale", description = "Faultline with 1000000 vCPUs, too (needs 8GiB).")
    boolean scale;

    @Option(names = "--heap", paramLabel = "SIZE", description = "Heap of each contender's JVM (${DEFAULT-VALUE}).")
    String heap = "2GiB";

    @Option(names = "--warm-up", paramLabel = "TIME", description = "Of each contender (${DEFAULT-VALUE}).")
    String warmUp = "5s";

    @Option(names = "--measure", paramLabel = "TIME", description = "Measured, at least (${DEFAULT-VALUE}).")
    String measure = "2s";
}
