package io.faultline.oracle;

import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Which address space each CPU runs in. A CPU says of itself that it stops before it lets anybody else know, and that it
 * runs after: so on threads nobody who acts on its absence is told here that it was there. Of CPUs beyond those that it was
 * made for, one thread only may tell.
 */
final class RunningSpaces {
    /** A CPU that was never told of may use everything its TLB holds. */
    private static final int ANY_SPACE = -1;

    private static final int NO_SPACE = -2;

    private AtomicIntegerArray spaces;

    RunningSpaces(int cpus) {
        this.spaces = new AtomicIntegerArray(cpus);
        forgetFrom(0);
    }

    void runs(int cpu, int asid) {
        set(cpu, asid);
    }

    void stops(int cpu) {
        set(cpu, NO_SPACE);
    }

    /** Whether a CPU can use translations of an address space at the moment. */
    boolean isAwake(int cpu, int asid) {
        int space = cpu < spaces.length() ? spaces.getAcquire(cpu) : ANY_SPACE;
        return space == ANY_SPACE || space == asid;
    }

    private void set(int cpu, int space) {
        if (cpu >= spaces.length()) {
            AtomicIntegerArray known = spaces;
            spaces = new AtomicIntegerArray(Math.max(cpu + 1, 2 * known.length()));
            for (int each = 0; each < known.length(); each++) {
                spaces.set(each, known.get(each));
            }
            forgetFrom(known.length());
        }
        spaces.setRelease(cpu, space);
    }

    private void forgetFrom(int cpu) {
        for (int each = cpu; each < spaces.length(); each++) {
            spaces.set(each, ANY_SPACE);
        }
    }
}
