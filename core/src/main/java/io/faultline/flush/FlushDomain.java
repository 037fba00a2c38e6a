package io.faultline.flush;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What all parts of a machine's flush policy share, and nothing else: per address space a {@link FlushSpace}, per CPU its
 * {@link CpuWords}, and logs. Safe for any thread.
 */
public final class FlushDomain {
    private final int cpus;
    private final CpuWords words;
    private final ConcurrentMap<Integer, FlushSpace> spaces = new ConcurrentHashMap<>();
    private final ConcurrentMap<Integer, FlushLog> cpuLogs = new ConcurrentHashMap<>();
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
     * Finds the log that a CPU writes and initiators read; makes it when asked first.
     *
     * @param cpu who writes
     * @param capacity how many records it keeps, when made
     * @return the same log for the same CPU
     */
    public FlushLog cpuLog(int cpu, int capacity) {
        return cpuLogs.computeIfAbsent(cpu, owner -> new FlushLog(owner, capacity));
    }

    /** {@return the CPUs that have a log, in ascending order} */
    public List<Integer> loggingCpus() {
        var logging = new ArrayList<>(cpuLogs.keySet());
        logging.sort(null);
        return logging;
    }
}
