package io.faultline.flush;

import java.util.BitSet;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A set of CPUs that many threads change, as {@code mm_cpumask}. Each change is a full barrier, so a CPU that sets its bit
 * and then reads a generation, and an initiator that advances the generation and then reads the mask, cannot miss each
 * other.
 */
public final class CpuMask {
    private final int cpus;
    private final AtomicLongArray words;

    CpuMask(int cpus) {
        this.cpus = cpus;
        words = new AtomicLongArray((cpus + Long.SIZE - 1) >>> 6);
    }

    /** Adds a CPU. */
    public void set(int cpu) {
        long bit = 1L << cpu;
        // Most sets find the bit there already; reading first spares the cache line.
        if ((words.get(word(cpu)) & bit) == 0) {
            words.getAndAccumulate(word(cpu), bit, (old, added) -> old | added);
        }
    }

    /** Removes a CPU. */
    public void clear(int cpu) {
        words.getAndAccumulate(word(cpu), ~(1L << cpu), (old, kept) -> old & kept);
    }

    /** {@return whether the CPU is in the set} */
    public boolean contains(int cpu) {
        return (words.get(word(cpu)) & 1L << cpu) != 0;
    }

    /** {@return how many CPUs are in the set; not atomic over more than 64 CPUs} */
    public int count() {
        int count = 0;
        for (int i = 0; i < words.length(); i++) {
            count += Long.bitCount(words.get(i));
        }
        return count;
    }

    /** {@return a copy that nobody else changes; not atomic over more than 64 CPUs} */
    public BitSet snapshot() {
        long[] copy = new long[words.length()];
        for (int i = 0; i < copy.length; i++) {
            copy[i] = words.get(i);
        }
        return BitSet.valueOf(copy);
    }

    private int word(int cpu) {
        assert cpu >= 0 && cpu < cpus : "CPU " + cpu + " of " + cpus;
        return cpu >>> 6;
    }

    @Override
    public String toString() {
        return snapshot().toString();
    }
}
