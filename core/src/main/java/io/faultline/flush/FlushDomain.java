package io.faultline.flush;

import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReferenceArray;

import org.jspecify.annotations.Nullable;

/**
 * What all parts of a machine's flush policy share, and nothing else: per address space a {@link FlushSpace}, per CPU its
 * {@link CpuWords}, and logs. Safe for any thread.
 */
public final class FlushDomain {
    private final int cpus;
    private final CpuWords words;
    private final ConcurrentMap<Integer, FlushSpace> spaces = new ConcurrentHashMap<>();
    private final AtomicReferenceArray<@Nullable WalkFilter> walkFilters;
    private final List<FlushLog> initiatorLogs = new CopyOnWriteArrayList<>();

    /**
     * @param cpus how many CPUs there will ever be; they are numbered from 0
     */
    public FlushDomain(int cpus) {
        if (cpus < 1) {
            throw new IllegalArgumentException("a flush domain of " + cpus + " CPUs; at least 1 is needed");
        }
        this.cpus = cpus;
        words = new CpuWords(cpus);
        walkFilters = new AtomicReferenceArray<>(cpus);
    }

    /** {@return how many CPUs there are} */
    public int cpus() {
        return cpus;
    }

    /** {@return the words of all CPUs} */
    public CpuWords words() {
        return words;
    }

    /**
     * Finds what is shared about an address space; makes it when asked first. Keep the result where it is used often.
     *
     * @param asid its tag
     * @return the same object for the same tag
     */
    public FlushSpace space(int asid) {
        var space = spaces.get(asid);
        return space != null ? space : spaces.computeIfAbsent(asid, tag -> new FlushSpace(tag, cpus));
    }

    /**
     * Adds the log that an initiator writes and all CPUs read.
     *
     * @param initiator its id
     * @param capacity how many records it keeps
     * @return a new log, last in {@link #initiatorLogs}
     */
    public FlushLog addInitiatorLog(int initiator, int capacity) {
        var log = new FlushLog(initiator, capacity);
        initiatorLogs.add(log);
        return log;
    }

    /** {@return the initiators' logs in the order they were added; a log keeps its place} */
    public List<FlushLog> initiatorLogs() {
        return initiatorLogs;
    }

    /**
     * Finds the filter of a CPU's walks; makes it when asked first.
     *
     * @param cpu who walks
     * @param bits how many, when made
     * @return the same filter for the same CPU
     */
    WalkFilter walkFilter(int cpu, int bits) {
        return walkFilters.updateAndGet(cpu, filter -> filter == null ? new WalkFilter(bits) : filter);
    }

    /** Finds the filter of a CPU's walks, or null while nobody made it. */
    @Nullable
    WalkFilter walkFilter(int cpu) {
        return walkFilters.get(cpu);
    }
}
