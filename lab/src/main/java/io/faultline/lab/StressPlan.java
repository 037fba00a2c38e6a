package io.faultline.lab;

import java.util.List;

import io.faultline.chaos.ChaosSpec;
import io.faultline.cost.CostProfile;
import io.faultline.cost.CostProfiles;
import io.faultline.flush.FlushPolicies;
import io.faultline.flush.FlushPolicy;
import io.faultline.flush.RehearsedPolicy;
import io.faultline.machine.MachineSpec;
import io.faultline.machine.MachineSpecBuilder;
import io.faultline.machine.OracleLevel;
import io.faultline.machine.PageContents;
import io.faultline.machine.ResolveBy;
import io.faultline.memory.PageSize;
import io.faultline.registry.InvalidInputException;
import io.faultline.schedule.Schedule;
import io.faultline.schedule.Schedules;
import io.faultline.source.SourceShape;
import io.faultline.source.SourceTiming;
import io.faultline.units.Durations;
import io.faultline.units.MemorySize;
import io.faultline.units.Rates;
import io.faultline.workload.Workload;
import io.faultline.workload.WorkloadShape;
import io.faultline.workload.Workloads;
import org.jspecify.annotations.Nullable;

/**
 * A stress run whose every option has been read and found right. Making one does no work and leaves nothing behind.
 *
 * @param world where to run
 * @param machine what to build
 * @param workload what its vCPUs do
 * @param shape how much of it
 * @param image where contents come from
 * @param durationNanos after which to stop; 0 to run to the workload's end
 * @param json where the report goes
 * @param events where what happens goes
 * @param html where the page goes
 */
record StressPlan(WorldChoice world, MachineSpec machine, Workload workload, WorkloadShape shape, ImageChoice image,
        long durationNanos, JsonTarget json, EventsTarget events,
        HtmlTarget html) {

    private static final Choice WORLDS = new Choice("--world", List.of("threads", "virtual", "linux"), "(?!)");
    private static final Choice USERFAULTFDS = new Choice("--userfaultfds", List.of("per-memslot"), "one|[0-9]+");
    private static final String POISSON = "poisson:";
    private static final Choice ORACLES = new Choice("--oracle", List.of("off", "sampled", "full"), "(?!)");
    private static final Choice WORKLOADS = Choice.among("--access", Workloads.registry(), "trace");
    private static final Choice POLICIES = Choice.among("--flush", FlushPolicies.registry(),
            "adaptive|collect");

    /**
     * Reads and checks every option, those that touch files last.
     *
     * @throws InvalidInputException naming the first option that is wrong
     */
    static StressPlan of(StressOptions options) {
        refuseWhatIsToCome(options);
        boolean virtual = WORLDS.check(options.world).equals("virtual");
        long spinNanos = LinuxOptions.check(options);
        long durationNanos = durationNanos(options, virtual);
        Workload workload = workload(options, durationNanos);
        MachineSpecBuilder builder = machine(options).oracle(oracle(options, virtual))
                .costs(costs(options, virtual))
                .arrivalsPerSecond(arrivalsPerSecond(options, virtual));
        WorldChoice world = world(options, virtual, spinNanos);
        ImageChoice image = ImageChoice.of(options);
        EventsTarget events = EventsTarget.of("--events", options.events, virtual, options.vcpus);
        HtmlTarget html = HtmlTarget.of("--html", options.html, virtual, options.vcpus);
        MachineSpec machine = builder.source(image.source())
                .listener(HeardByBoth.of(events.heard(), html.heard()))
                .build();
        refuseUnrepeatable(machine.flushPolicy(), virtual);
        WorkloadShape shape = WorkloadShape.of(workload, machine.vcpus(), machine.pages(), machine.seed());
        image.check(new SourceShape(machine.memory().bytes(), machine.seed()));
        JsonTarget json = JsonTarget.of("--json", options.json);
        refuseOneFileForTwo("--json", json.file(), "--events", events.file());
        refuseOneFileForTwo("--json", json.file(), "--html", html.file());
        refuseOneFileForTwo("--events", events.file(), "--html", html.file());
        return new StressPlan(world, machine, workload, shape, image, durationNanos, json, events, html);
    }

    private static void refuseOneFileForTwo(String option, @Nullable OutputFile file, String other,
            @Nullable OutputFile otherFile) {
        if (file != null && file.equals(otherFile) && !file.device()) {
            throw new InvalidInputException(option + " and " + other + " name the same file, " + file.path());
        }
    }

    private static void refuseUnrepeatable(FlushPolicy policy, boolean virtual) {
        if (policy instanceof RehearsedPolicy && !virtual) {
            throw new InvalidInputException("--flush " + policy.name()
                    + " has to run a seed twice, and needs --world virtual: on threads no run is like another");
        }
    }

    private static void refuseWhatIsToCome(StressOptions options) {
        USERFAULTFDS.check(options.userfaultfds);
    }

    private static WorldChoice world(StressOptions options, boolean virtual, long spinNanos) {
        Schedule schedule = options.schedule == null
                ? Schedule.random()
                : OptionValue.of("--schedule", options.schedule, Schedules.registry()::create);
        if (options.schedule != null && !virtual) {
            throw new InvalidInputException("--schedule " + options.schedule
                    + " needs --world virtual: on threads, the operating system decides");
        }
        return switch (options.world) {
            case "virtual" -> new WorldChoice.Virtual(options.seed, schedule);
            case "linux" -> new WorldChoice.Linux(spinNanos);
            default -> new WorldChoice.Threads();
        };
    }

    private static OracleLevel oracle(StressOptions options, boolean virtual) {
        if (options.oracle == null && options.world.equals("linux")) {
            return OracleLevel.OFF; // nobody sees the TLBs of real CPUs
        }
        if (options.oracle == null) {
            return OracleLevel.DEFAULT.in(virtual);
        }
        ORACLES.check(options.oracle);
        return OptionValue.oneOf("--oracle", options.oracle, OracleLevel.class);
    }

    private static long durationNanos(StressOptions options, boolean virtual) {
        if (options.duration == null) {
            return 0;
        }
        long nanos = OptionValue.of("--duration", options.duration, Durations::parsePositiveNanos);
        if (virtual && options.profile == null && options.arrival.equals("closed")) {
            throw new InvalidInputException("--duration " + options.duration
                    + " would never end in --world virtual, where accesses take no time without --profile: give one, or"
                    + " use --accesses");
        }
        return nanos;
    }

    private static CostProfile costs(StressOptions options, boolean virtual) {
        if (options.profile == null) {
            return CostProfile.FREE;
        }
        if (!virtual) {
            throw new InvalidInputException("--profile " + options.profile
                    + " needs --world virtual: on threads, operations take their own time");
        }
        return OptionValue.of("--profile", options.profile, CostProfiles::of);
    }

    /** How often an access is due on each vCPU; 0 for always. */
    private static double arrivalsPerSecond(StressOptions options, boolean virtual) {
        if (options.arrival.equals("closed")) {
            return 0;
        }
        if (!options.arrival.startsWith(POISSON)) {
            throw new InvalidInputException(
                    "--arrival must be closed or poisson:RATE, as in poisson:20k/s, not \"" + options.arrival + "\"");
        }
        long rate = OptionValue.of("--arrival", options.arrival.substring(POISSON.length()),
                Rates::parseEventsPerSecond);
        if (!virtual) {
            throw new InvalidInputException("--arrival " + options.arrival
                    + " needs --world virtual: on threads, a timer is late by more than such gaps");
        }
        return rate;
    }

    private static Workload workload(StressOptions options, long durationNanos) {
        Workload pattern =
                OptionValue.of("--access", WORKLOADS.refuseLater(options.access), Workloads.registry()::create);
        if (!(options.writeRatio >= 0 && options.writeRatio <= 1)) {
            throw new InvalidInputException("--write-ratio must be from 0 to 1, not " + options.writeRatio);
        }
        Workload writing = pattern.writeRatio(options.writeRatio);
        if (options.accesses != null) {
            if (options.accesses < 1) {
                throw new InvalidInputException("--accesses must be at least 1, not " + options.accesses);
            }
            return writing.accesses(options.accesses);
        }
        // With a duration alone, it is time that ends the run.
        return durationNanos > 0 ? writing.accesses(Long.MAX_VALUE) : writing;
    }

    private static MachineSpecBuilder machine(StressOptions options) {
        MachineSpecBuilder builder = MachineSpec.builder()
                .vcpus(options.vcpus)
                .memory(OptionValue.of("--memory", options.memory, MemorySize::parse))
                .pageSize(OptionValue.of("--page", options.page, PageSize::parse))
                .handlers(options.handlers)
                .inFlight(options.inFlight)
                .contents(OptionValue.oneOf("--contents", options.contents, PageContents.class))
                .fetchTimeoutNanos(
                        OptionValue.of("--fetch-timeout", options.fetchTimeout, Durations::parsePositiveNanos))
                .flushPolicy(
                        OptionValue.of("--flush", POLICIES.refuseLater(options.flush),
                                FlushPolicies::parse))
                .resolveBy(OptionValue.oneOf("--resolve", options.resolve, ResolveBy.class))
                .sourceTiming(timing(options))
                .writeProtectInstalls(options.writeProtectInstalls)
                .minorFaults(options.minorFaults)
                .evictAbovePercent(options.evictAbove)
                .seed(options.seed);
        if (options.cpus != null) {
            builder.cpus(options.cpus);
        }
        if (options.tlb != null) {
            builder.tlbEntries(options.tlb);
        }
        if (options.memslots != null) {
            builder.memslots(options.memslots);
        }
        if (options.chaos != null) {
            builder.chaos(OptionValue.of("--chaos", options.chaos, ChaosSpec::parse));
        }
        if (options.holdUntil != null) {
            if (options.holdUntil < 1) {
                throw new InvalidInputException("--hold-until must be at least 1, not " + options.holdUntil);
            }
            builder.holdUntilFaults(options.holdUntil);
        }
        if (options.fetchers != null) {
            builder.fetchers(options.fetchers);
        }
        return builder;
    }

    private static SourceTiming timing(StressOptions options) {
        long latencyNanos = options.sourceLatency == null
                ? 0
                : OptionValue.of("--source-latency", options.sourceLatency, Durations::parseNanos);
        long bytesPerSecond = options.sourceRate == null
                ? 0
                : OptionValue.of("--source-rate", options.sourceRate, Rates::parseBytesPerSecond);
        return new SourceTiming(latencyNanos, bytesPerSecond, 0, 0, 0);
    }
}
