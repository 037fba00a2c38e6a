package io.faultline.oracle;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which page tables each CPU may still read: those it walked through since it last flushed, for its paging-structure caches
 * hold pointers to them (Intel SDM vol. 3A, 4.10.3). A table is named by the 2 MiB it maps.
 */
final class Walkers {
    private static final int TABLE_SHIFT = 21;
    private static final long FREED = Long.MIN_VALUE;
    private static final int NONE = -1;

    /** Per CPU and address space: the table, and when it was first walked through, or {@link #FREED}. */
    private final List<Map<Integer, Map<Long, Long>>> walked = new ArrayList<>();

    /** The address space each CPU has loaded and may walk, even speculatively while it idles. */
    private int[] loaded = {};

    private void make(int cpu) {
        if (cpu >= loaded.length) {
            int known = loaded.length;
            loaded = Arrays.copyOf(loaded, Math.max(cpu + 1, 2 * known));
            Arrays.fill(loaded, known, loaded.length, NONE);
        }
        while (walked.size() <= cpu) {
            walked.add(new HashMap<>());
        }
    }

    void loaded(int cpu, int asid) {
        make(cpu);
        loaded[cpu] = asid;
    }

    /** Returns whether the walk goes through a table that has been freed. */
    boolean walks(int cpu, int asid, long address, long sequence) {
        make(cpu);
        Long first = walked.get(cpu)
                .computeIfAbsent(asid, tag -> new HashMap<>())
                .putIfAbsent(address >>> TABLE_SHIFT, sequence);
        return first != null && first == FREED;
    }

    void flushed(int cpu, int asid) {
        make(cpu);
        var tables = walked.get(cpu).get(asid);
        if (tables != null) {
            tables.clear();
        }
    }

    void flushedAll(int cpu) {
        make(cpu);
        walked.get(cpu).clear();
    }

    /** The hardware's broadcast reached every CPU. */
    void flushedEverywhere(int asid) {
        for (int cpu = 0; cpu < walked.size(); cpu++) {
            flushed(cpu, asid);
        }
    }

    /** Returns the CPUs that may walk through the freed tables at any moment; others must not when they come back. */
    List<Integer> freed(int asid, long start, long end, long changeSequence) {
        var holders = new ArrayList<Integer>();
        for (int cpu = 0; cpu < walked.size(); cpu++) {
            var tables = walked.get(cpu).getOrDefault(asid, Map.of());
            boolean holds = false;
            for (var table : tables.entrySet()) {
                if (table.getKey() >= start >>> TABLE_SHIFT
                        && table.getKey() <= (end - 1) >>> TABLE_SHIFT
                        && table.getValue() < changeSequence) {
                    table.setValue(FREED);
                    holds = true;
                }
            }
            if (holds && loaded[cpu] == asid) {
                holders.add(cpu);
            }
        }
        return holders;
    }
}
