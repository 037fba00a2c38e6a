package io.faultline.lab;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * What {@code stress} can be told. Values with a unit stay text until {@link StressPlan} reads them, so that the report
 * shows them as the user wrote them.
 */
final class StressOptions {
    @Option(names = "--world", paramLabel = "threads|virtual|linux",
            description = "Where it runs (${DEFAULT-VALUE}).")
    String world = "threads";

    @Option(names = "--vcpus", paramLabel = "N", description = "vCPUs (${DEFAULT-VALUE}).")
    int vcpus = 4096;

    @Option(names = "--cpus", paramLabel = "N",
            description = "CPUs; with fewer than vCPUs, these take turns (as many as vCPUs).")
    @Nullable
    Integer cpus;

    @Option(names = "--memory", paramLabel = "SIZE", description = "Guest memory (${DEFAULT-VALUE}).")
    String memory = "1GiB";

    @Option(names = "--memslots", paramLabel = "N", description = "Memslots (64, or one a page if there are fewer).")
    @Nullable
    Integer memslots;

    @Option(names = "--page", paramLabel = "4KiB|2MiB|1GiB", description = "Page size (${DEFAULT-VALUE}).")
    String page = "4KiB";

    @Option(names = "--handlers", paramLabel = "N", description = "Fault handlers (${DEFAULT-VALUE}).")
    int handlers = 2;

    @Option(names = "--fetchers", paramLabel = "N", description = "Page fetchers (2, or 1 when --in-flight is 1).")
    @Nullable
    Integer fetchers;

    @Option(names = "--userfaultfds", paramLabel = "per-memslot", description = "How many userfaultfds.")
    String userfaultfds = "per-memslot";

    @Option(names = "--contents", paramLabel = "bytes|tokens",
            description = "Real bytes, or a 64-bit token for each 4 KiB (${DEFAULT-VALUE}).")
    String contents = "bytes";

    @Option(names = "--tlb", paramLabel = "ENTRIES", description = "TLB entries of each CPU (64).")
    @Nullable
    Integer tlb;

    @Option(names = "--access", paramLabel = "WORKLOAD",
            description = "sequential, random, zipf:S, strided:N or trace:FILE (${DEFAULT-VALUE}); see list workloads.")
    String access = "sequential";

    @Option(names = "--accesses", paramLabel = "N", description = "Accesses in all (four for each page).")
    @Nullable
    Long accesses;

    @Option(names = "--duration", paramLabel = "TIME", description = "End after this time: of the world's clock.")
    @Nullable
    String duration;

    @Option(names = "--write-ratio", paramLabel = "0..1", description = "Part that writes (${DEFAULT-VALUE}).")
    double writeRatio = 0.3;

    @Option(names = "--resolve", paramLabel = "copy|move",
            description = "How fetched pages are installed; move takes private anonymous memory (${DEFAULT-VALUE}).")
    String resolve = "copy";

    @Option(names = "--fetch-timeout", paramLabel = "TIME",
            description = "After which an unanswered fetch has failed (${DEFAULT-VALUE}).")
    String fetchTimeout = "1s";

    @Option(names = "--schedule", paramLabel = "fifo|random|pct:depth=D",
            description = "Which of the runnable actors runs next, in virtual (random).")
    @Nullable
    String schedule;

    @Option(names = "--oracle", paramLabel = "off|sampled|full",
            description = "What the safety oracle watches: nothing, one page of 64, or all (full in virtual, else sampled).")
    @Nullable
    String oracle;

    @Option(names = "--arrival", paramLabel = "closed|poisson:RATE",
            description = "When accesses are due: one after the other, or at random RATE times a second on each vCPU, in"
                    + " virtual (${DEFAULT-VALUE}).")
    String arrival = "closed";

    @Option(names = "--profile", paramLabel = "NAME|FILE",
            description = "What operations cost, in virtual (nothing); see list profiles.")
    @Nullable
    String profile;

    @Option(names = "--image", paramLabel = "FILE",
            description = "Where contents come from (the running JDK's lib/modules, repeated).")
    @Nullable
    String image;

    @Option(names = "--image-fill", paramLabel = "error|zero|repeat",
            description = "What lies behind the image's end (error; repeat for the default image).")
    @Nullable
    String imageFill;

    @Option(names = "--source", paramLabel = "SOURCE", description = "Contents from elsewhere; see list sources.")
    @Nullable
    String source;

    @Option(names = "--source-latency", paramLabel = "TIME", description = "What each read takes on top.")
    @Nullable
    String sourceLatency;

    @Option(names = "--source-rate", paramLabel = "RATE", description = "Bytes a second, at most.")
    @Nullable
    String sourceRate;

    @Option(names = "--in-flight", paramLabel = "PAGES",
            description = "Pages in flight at once, over all fetchers (${DEFAULT-VALUE}).")
    int inFlight = 256;

    @Option(names = "--hold-until", paramLabel = "FAULTS",
            description = "Fetch nothing until so many vCPUs are halted, or none can run.")
    @Nullable
    Long holdUntil;

    @Option(names = "--evict-above", paramLabel = "PERCENT",
            description = "Evict pages when more than this much of a memslot is resident (100, never).")
    int evictAbove = 100;

    @Option(names = "--chaos", paramLabel = "KIND:RATE,…",
            description = "What fails on purpose, and how often: fetch-error, fetch-delay, fetch-stall, fetch-dead,"
                    + " short-read, store-error, handler-crash, fetcher-crash, memslot-crash.")
    @Nullable
    String chaos;

    @Option(names = "--write-protect-installs",
            description = "Install write-protected: the first write to each page faults.")
    boolean writeProtectInstalls;

    @Option(names = "--minor-faults", description = "Fill the page cache before: every fault is minor.")
    boolean minorFaults;

    @Option(names = "--flush", paramLabel = "POLICY",
            description = "Flush policy (${DEFAULT-VALUE}); see list policies.")
    String flush = "strict";

    @Option(names = "--spin", paramLabel = "TIME",
            description = "How long event loops look again and again before they wait, in linux (0us).")
    @Nullable
    String spin;

    @Option(names = "--seed", paramLabel = "N", description = "What everything random comes from (${DEFAULT-VALUE}).")
    long seed = 1;

    @Option(names = "--events", paramLabel = "FILE",
            description = "Write every fault, fetch, install, flush and IPI for Perfetto; compressed if it ends in .gz.")
    @Nullable
    String events;

    @Option(names = "--html", paramLabel = "FILE",
            description = "Write the report as one page with charts, for a browser.")
    @Nullable
    String html;

    @Option(names = "--json", paramLabel = "FILE|-", description = "Write the report as JSON, - for standard output.")
    @Nullable
    String json;
}
