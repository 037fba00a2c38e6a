package io.faultline.flush;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Two words per CPU that all may read: the address space it has loaded ({@code cpu_tlbstate.loaded_mm}) and flags (its
 * laziness, and what a hypervisor shares with it). Safe for any thread; each change is a full barrier.
 */
public final class CpuWords {
    /** No address space is loaded. */
    public static final int NONE = -1;

    /** The CPU is between two address spaces ({@code LOADED_MM_SWITCHING}): a filter must count it as a target. */
    public static final int SWITCHING = -2;

    /** The CPU idles with an address space still loaded ({@code cpu_tlbstate_shared.is_lazy}). */
    public static final int LAZY = 1;

    /** The hypervisor took the CPU away ({@code KVM_VCPU_PREEMPTED}). */
    public static final int PREEMPTED = 1 << 1;

    /** The hypervisor must flush before it lets the CPU run ({@code KVM_VCPU_FLUSH_TLB}). */
    public static final int FLUSH_ON_ENTRY = 1 << 2;

    private final AtomicIntegerArray loaded;
    private final AtomicIntegerArray flags;

    CpuWords(int cpus) {
        int[] none = new int[cpus];
        Arrays.fill(none, NONE);
        loaded = new AtomicIntegerArray(none);
        flags = new AtomicIntegerArray(cpus);
    }

    /** {@return the address space the CPU has loaded, {@link #NONE} or {@link #SWITCHING}} */
    public int loaded(int cpu) {
        return loaded.get(cpu);
    }

    /** Publishes what the CPU has loaded; called by its own part. */
    public void loaded(int cpu, int asid) {
        loaded.set(cpu, asid);
    }

    /** {@return the CPU's flags} */
    public int flags(int cpu) {
        return flags.get(cpu);
    }

    /** {@return whether the CPU idles with an address space loaded} */
    public boolean isLazy(int cpu) {
        return (flags(cpu) & LAZY) != 0;
    }

    /** {@return whether the hypervisor took the CPU away} */
    public boolean isPreempted(int cpu) {
        return (flags(cpu) & PREEMPTED) != 0;
    }

    /** Sets flags, leaving the others. */
    public void setFlags(int cpu, int set) {
        flags.getAndAccumulate(cpu, set, (old, added) -> old | added);
    }

    /**
     * Clears flags, leaving the others.
     *
     * @return the flags before, cleared ones included
     */
    public int clearFlags(int cpu, int cleared) {
        return flags.getAndAccumulate(cpu, ~cleared, (old, kept) -> old & kept);
    }

    /**
     * Sets the flags if they are as expected; how hosts implement {@link InitiatorPort#setFlag}.
     *
     * @return whether they were
     */
    public boolean compareAndSetFlags(int cpu, int expected, int value) {
        return flags.compareAndSet(cpu, expected, value);
    }
}
