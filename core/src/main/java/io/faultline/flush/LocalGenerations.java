package io.faultline.flush;

import java.util.Arrays;

/**
 * Up to which generation of each address space a CPU has flushed ({@code cpu_tlbstate.ctxs[].tlb_gen}). A CPU runs in few
 * address spaces, most in one, so a short array is searched, and the one used last is tried first.
 */
final class LocalGenerations {
    private static final int NEVER = -1;

    private int lastAsid = CpuWords.NONE;
    private long lastGeneration = NEVER;
    private int count;
    private long[] others = {};

    /** Returns the generation, or -1 when the CPU never ran in the address space. */
    long get(int asid) {
        if (asid == lastAsid) {
            return lastGeneration;
        }
        for (int i = 0; i < count; i += 2) {
            if (others[i] == asid) {
                return others[i + 1];
            }
        }
        return NEVER;
    }

    void put(int asid, long generation) {
        assert generation >= get(asid) : "generation of " + asid + " back from " + get(asid) + " to " + generation;
        if (asid != lastAsid) {
            remember(lastAsid, lastGeneration);
            lastAsid = asid;
        }
        lastGeneration = generation;
    }

    void forget() {
        lastAsid = CpuWords.NONE;
        lastGeneration = NEVER;
        count = 0;
    }

    private void remember(int asid, long generation) {
        if (asid == CpuWords.NONE) {
            return;
        }
        for (int i = 0; i < count; i += 2) {
            if (others[i] == asid) {
                others[i + 1] = generation;
                return;
            }
        }
        if (count == others.length) {
            others = Arrays.copyOf(others, Math.max(4, 2 * count));
        }
        others[count] = asid;
        others[count + 1] = generation;
        count += 2;
    }
}
