package io.faultline.lab;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

import io.faultline.cost.CostProfiles;
import io.faultline.flush.FlushPolicies;
import io.faultline.races.Races;
import io.faultline.registry.InvalidInputException;
import io.faultline.registry.Registration;
import io.faultline.registry.Registry;
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
        Registry<?> registry = switch (OptionValue.oneOf("list", topic, Topic.class)) {
            case POLICIES -> FlushPolicies.registry();
            case SOURCES -> PageSources.registry();
            case WORKLOADS -> Workloads.registry();
            case PROFILES -> CostProfiles.registry();
            case RACES -> Races.registry();
        };
        int width = registry.all().stream().mapToInt(row -> row.name().length()).max().orElse(1);
        for (Registration<?> row : registry.all()) {
            console.out().printf(Locale.ROOT, "%-" + width + "s  %s\n", row.name(), row.description());
        }
        return ExitCode.HELD;
    }
}
