package io.faultline.cost;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.faultline.registry.InvalidInputException;
import org.jspecify.annotations.Nullable;

/** Reads one profile and checks it: every cost is there, known, and not negative, and says where it came from. */
final class CostReader {
    private static final Set<String> TOP_KEYS = Set.of("description", "extends", "cpus-per-socket", "costs");
    private static final Set<String> COST_KEYS = Set.of("nanos", "spread", "source", "tag");

    private final String where;
    private final Config config;

    /**
     * @param where the name or file, for the profile's name and for errors
     * @param config resolved
     */
    CostReader(String where, Config config) {
        this.where = where;
        this.config = config;
    }

    CostProfile read() {
        refuseUnknown(config.root(), TOP_KEYS, "");
        int cpusPerSocket = cpusPerSocket();
        Map<Operation, Cost> costs = inherited();
        if (config.hasPath("costs")) {
            for (Map.Entry<String, ConfigValue> entry : config.getObject("costs").entrySet()) {
                costs.put(operation(entry.getKey()), cost(entry.getKey(), entry.getValue()));
            }
        }
        for (Operation operation : Operation.values()) {
            if (!costs.containsKey(operation)) {
                throw wrong("the cost \"" + operation.key() + "\" (" + operation.description() + ") is missing");
            }
        }
        return new CostProfile(where, text(config, "description", "a profile of one's own"), cpusPerSocket, costs);
    }

    private Map<Operation, Cost> inherited() {
        Map<Operation, Cost> costs = new EnumMap<>(Operation.class);
        CostProfile parent = parent();
        if (parent != null) {
            for (Operation operation : Operation.values()) {
                costs.put(operation, parent.cost(operation));
            }
        }
        return costs;
    }

    private @Nullable CostProfile parent() {
        String base = text(config, "extends", "");
        return base.isEmpty() ? null : CostProfiles.named(base);
    }

    private int cpusPerSocket() {
        if (!config.hasPath("cpus-per-socket")) {
            CostProfile parent = parent();
            return parent == null ? CostProfile.ONE_SOCKET : parent.cpusPerSocket();
        }
        int given;
        try {
            given = config.getInt("cpus-per-socket");
        } catch (ConfigException notAnInt) {
            throw wrong("cpus-per-socket must be a number, not " + config.getValue("cpus-per-socket").unwrapped());
        }
        if (given < 1) {
            throw wrong("cpus-per-socket must be at least 1, not " + given);
        }
        return given;
    }

    private Operation operation(String key) {
        Optional<Operation> operation = Operation.ofKey(key);
        return operation.orElseThrow(() -> wrong("the cost \"" + key + "\" is unknown; known are "
                + Arrays.stream(Operation.values()).map(Operation::key).collect(Collectors.joining(", "))));
    }

    private Cost cost(String key, ConfigValue value) {
        if (!(value instanceof ConfigObject object)) {
            throw wrong("the cost \"" + key + "\" must be like { nanos = 100, source = \"measured\", tag = M }, not "
                    + value.unwrapped());
        }
        refuseUnknown(object, COST_KEYS, " of the cost \"" + key + "\"");
        Long nanos = nanos(object.toConfig(), key, "nanos");
        if (nanos == null) {
            throw wrong("the cost \"" + key + "\" has no nanos");
        }
        Long spread = nanos(object.toConfig(), key, "spread");
        if (spread != null && spread > nanos) {
            throw wrong("the spread of the cost \"" + key + "\" must be at most its " + nanos + " ns, not " + spread);
        }
        String source = text(object.toConfig(), "source", "");
        if (source.isBlank()) {
            throw wrong("the cost \"" + key + "\" must say its source");
        }
        return new Cost(nanos, spread == null ? 0 : spread, source, tags(object.toConfig(), key));
    }

    /** A whole number of nanoseconds, or null when there is none. */
    private @Nullable Long nanos(Config cost, String key, String field) {
        if (!cost.hasPath(field)) {
            return null;
        }
        double given;
        try {
            given = cost.getDouble(field);
        } catch (ConfigException notANumber) {
            throw wrong(field + " of the cost \"" + key + "\" must be a number, not "
                    + cost.getValue(field).unwrapped());
        }
        if (!(given >= 0 && given <= Cost.NANOS_MAX)) {
            throw wrong(field + " of the cost \"" + key + "\" must be from 0 to an hour, not "
                    + cost.getValue(field).unwrapped());
        }
        if (given != Math.rint(given)) {
            throw wrong(field + " of the cost \"" + key + "\" must be whole nanoseconds, not " + given);
        }
        return (long) given;
    }

    private Set<SourceTag> tags(Config cost, String key) {
        if (!cost.hasPath("tag")) {
            throw wrong("the cost \"" + key + "\" has no tag: " + known());
        }
        boolean several = cost.getValue("tag").valueType() == ConfigValueType.LIST;
        Set<SourceTag> tags = EnumSet.noneOf(SourceTag.class);
        for (String name : several ? cost.getStringList("tag") : List.of(cost.getString("tag"))) {
            tags.add(Arrays.stream(SourceTag.values())
                    .filter(tag -> tag.name().equals(name))
                    .findFirst()
                    .orElseThrow(
                            () -> wrong("the tag of the cost \"" + key + "\" must be " + known() + ", not " + name)));
        }
        return tags;
    }

    private static String known() {
        return "one of " + Arrays.stream(SourceTag.values()).map(SourceTag::name).collect(Collectors.joining(", "));
    }

    private String text(Config from, String key, String otherwise) {
        try {
            return from.hasPath(key) ? from.getString(key) : otherwise;
        } catch (ConfigException notText) {
            throw wrong(key + " must be text, not " + from.getValue(key).unwrapped());
        }
    }

    private void refuseUnknown(ConfigObject object, Set<String> known, String of) {
        for (String key : object.keySet()) {
            if (!known.contains(key)) {
                throw wrong("the key \"" + key + "\"" + of + " is unknown; known are "
                        + known.stream().sorted().collect(Collectors.joining(", ")));
            }
        }
    }

    private InvalidInputException wrong(String what) {
        return new InvalidInputException("cost profile " + where + ": " + what);
    }
}
