package io.faultline.lab;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

import io.faultline.cost.CostProfiles;
import io.faultline.flush.FlushPolicies;
import io.faultline.races.Races;
import io.faultline.registry.InvalidInputException;
import io.faultline.registry.Registration;
import io.faultline.shootdown.MemoryWorkloads;
import io.faultline.source.PageSources;
import io.faultline.workload.Workloads;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Prints what can be chosen by name: a name and one line about it per row. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "Prints what can be chosen by name: policies, profiles, races, sources or workloads.")
final class ListCommand implements FaultlineCommand {
    private enum Topic {
        POLICIES,
        PROFILES,
        RACES,
        SOURCES,
        WORKLOADS
    }

    @Parameters(arity = "0..1", paramLabel = "policies|profiles|races|sources|workloads", description = "What to list.")
    private @Nullable String topic;

    @Override
    public int run(Console console) {
        if (topic == null) {
            throw new InvalidInputException("list what? Known are "
                    + Arrays.stream(Topic.values()).map(OptionValue::written).collect(Collectors.joining(", ")));
        }
        List<Registration<?>> rows = rows(OptionValue.oneOf("list", topic, Topic.class));
        int width = rows.stream().mapToInt(row -> row.name().length()).max().orElse(1);
        for (Registration<?> row : rows) {
            console.out().printf(Locale.ROOT, "%-" + width + "s  %s\n", row.name(), row.description());
        }
        return ExitCode.HELD;
    }

    private static List<Registration<?>> rows(Topic topic) {
        return switch (topic) {
            case POLICIES -> List.copyOf(FlushPolicies.registry().all());
            case SOURCES -> List.copyOf(PageSources.registry().all());
            case WORKLOADS -> workloads();
            case PROFILES -> List.copyOf(CostProfiles.registry().all());
            case RACES -> List.copyOf(Races.registry().all());
        };
    }

    /** Accesses, of stress, and then system calls, of flush-lab. */
    private static List<Registration<?>> workloads() {
        List<Registration<?>> rows = new ArrayList<>(Workloads.registry().all());
        rows.addAll(MemoryWorkloads.registry().all());
        return rows;
    }
}
