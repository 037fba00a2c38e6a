package io.faultline.lab;

import java.util.EnumMap;
import java.util.Map;

import io.faultline.lab.sweep.PlanKey;
import io.faultline.lab.sweep.Setting;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What {@code flush-lab} can be told. What is not told is the plan file's, and else the usual. */
final class FlushLabOptions {
    @Option(names = "--policies", paramLabel = "a,b:k=v,…",
            description = "Flush policies; a value may be a range: ring:size=8..512x2 doubles, 8..32+8 adds 8.")
    @Nullable
    String policies;

    @Option(names = "--profiles", paramLabel = "NAME|FILE,…", description = "What operations cost; see list profiles.")
    @Nullable
    String profiles;

    @Option(names = "--vcpus", paramLabel = "N,…", description = "CPUs of the machine, each with a thread.")
    @Nullable
    String vcpus;

    @Option(names = "--overcommit", paramLabel = "N,…", description = "How many of them take turns on one real CPU.")
    @Nullable
    String overcommit;

    @Option(names = "--workload", paramLabel = "a,b:k=v,…", description = "What the threads do; see list workloads.")
    @Nullable
    String workload;

    @Option(names = "--seeds", paramLabel = "N", description = "Runs of each combination.")
    @Nullable
    String seeds;

    @Option(names = "--seed", paramLabel = "N", description = "The seed of the first of them.")
    @Nullable
    String seed;

    @Option(names = "--oracle", paramLabel = "full|off", description = "The safety oracle.")
    @Nullable
    String oracle;

    @Option(names = "--plan", paramLabel = "FILE",
            description = "A sweep written down: HOCON with the keys policies, profiles, vcpus … of the options above,"
                    + " which go before it.")
    @Nullable
    String plan;

    @Option(names = "--parallel", paramLabel = "N",
            description = "How many runs at once (all cores); makes no difference to the results.")
    @Nullable
    Integer parallel;

    @Option(names = "--csv", paramLabel = "FILE", description = "Write a row for each run.")
    @Nullable
    String csv;

    @Option(names = "--json", paramLabel = "FILE|-",
            description = "Write plan, runs and what they come to as JSON, - for standard output.")
    @Nullable
    String json;

    /** Made elsewhere, and known so that it can be refused by name. */
    @Option(names = "--html", arity = "0..1", hidden = true)
    @Nullable
    String html;

    /** Returns those that were given. */
    Map<PlanKey, Setting> settings() {
        Map<PlanKey, Setting> settings = new EnumMap<>(PlanKey.class);
        for (PlanKey key : PlanKey.values()) {
            String text = text(key);
            if (text != null) {
                settings.put(key, new Setting("--" + key.key(), text));
            }
        }
        return settings;
    }

    private @Nullable String text(PlanKey key) {
        return switch (key) {
            case POLICIES -> policies;
            case PROFILES -> profiles;
            case VCPUS -> vcpus;
            case OVERCOMMIT -> overcommit;
            case WORKLOAD -> workload;
            case SEEDS -> seeds;
            case SEED -> seed;
            case ORACLE -> oracle;
        };
    }
}
