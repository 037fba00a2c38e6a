package io.faultline.cost;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * What every {@link Operation} costs on one kind of machine. Immutable; made by {@link CostProfiles}.
 */
public final class CostProfile {
    /** Every operation takes no time. */
    public static final CostProfile FREE = free();
    /** All CPUs are on one socket, however many there are. */
    public static final int ONE_SOCKET = Integer.MAX_VALUE;

    private final String name;
    private final String description;
    private final int cpusPerSocket;
    private final Map<Operation, Cost> costs;

    /**
     * A profile.
     *
     * @param name what the user calls it
     * @param description one line
     * @param cpusPerSocket how many CPUs a socket has, which are numbered socket by socket; {@link #ONE_SOCKET}
     * @param costs one for every operation
     * @throws IllegalArgumentException when an operation has no cost, or a socket no CPU
     */
    public CostProfile(String name, String description, int cpusPerSocket, Map<Operation, Cost> costs) {
        if (cpusPerSocket < 1) {
            throw new IllegalArgumentException("a socket has at least 1 CPU, not " + cpusPerSocket);
        }
        this.cpusPerSocket = cpusPerSocket;
        this.name = name;
        this.description = description;
        this.costs = new EnumMap<>(Operation.class);
        this.costs.putAll(costs);
        for (Operation operation : Operation.values()) {
            if (!costs.containsKey(operation)) {
                throw new IllegalArgumentException("profile " + name + " has no cost for " + operation.key());
            }
        }
    }

    private static CostProfile free() {
        Map<Operation, Cost> costs = new EnumMap<>(Operation.class);
        for (Operation operation : Operation.values()) {
            costs.put(operation, Cost.FREE);
        }
        return new CostProfile("free", "every operation takes no time", ONE_SOCKET, costs);
    }

    /** {@return what the user calls it} */
    public String name() {
        return name;
    }

    /** {@return one line about it} */
    public String description() {
        return description;
    }

    /** {@return how many CPUs a socket has, or {@link #ONE_SOCKET}} */
    public int cpusPerSocket() {
        return cpusPerSocket;
    }

    /**
     * Tells whether two CPUs are on different sockets.
     *
     * @param cpu one
     * @param other the other; CPUs are numbered from 0, socket by socket
     * @return whether what passes between them costs {@link Operation#IPI_FAR}
     */
    public boolean isFar(int cpu, int other) {
        return cpu / cpusPerSocket != other / cpusPerSocket;
    }

    /** {@return whether no operation takes any time} */
    public boolean isFree() {
        return costs.values().stream().allMatch(cost -> cost.nanos() == 0);
    }

    /** {@return what an operation costs, with the figure's source} */
    public Cost cost(Operation operation) {
        return Objects.requireNonNull(costs.get(operation), () -> "the constructor saw a cost for " + operation);
    }

    /** {@return what an operation costs on average, in nanoseconds} */
    public long nanos(Operation operation) {
        return cost(operation).nanos();
    }

    /**
     * The same with one other cost.
     *
     * @param operation whose
     * @param cost what it costs instead
     * @return a new profile, of the same name
     */
    public CostProfile with(Operation operation, Cost cost) {
        Map<Operation, Cost> changed = new EnumMap<>(costs);
        changed.put(operation, cost);
        return new CostProfile(name, description, cpusPerSocket, changed);
    }

    @Override
    public String toString() {
        return "cost profile " + name;
    }
}
