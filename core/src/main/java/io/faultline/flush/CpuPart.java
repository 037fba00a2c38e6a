package io.faultline.flush;

import io.faultline.tlb.TlbObserver;

/**
 * The part of a policy that runs on one CPU. Called by its host, one call at a time; answers through its {@link CpuPort}
 * before the call returns.
 *
 * <p>A context switch comes as two calls, because a CPU in the middle of one is where filters go wrong (CVE-2025-37964).
 * So does an interrupt, because some policies acknowledge before they flush. A host that models neither calls both, one
 * directly after the other.
 */
public interface CpuPart {
    /**
     * The handler of an IPI was entered; nothing was flushed yet.
     *
     * @param command as sent
     */
    default void ipiEntered(FlushCommand command) {}

    /**
     * The handler of an IPI runs, or that of {@link InitiatorPort#flushSelf}. Must acknowledge, unless it did on entry.
     *
     * @param command as sent
     */
    void ipi(FlushCommand command);

    /** The timer tick. */
    default void tick() {}

    /**
     * A switch to an address space begins: its tables are about to be loaded. Also how a CPU leaves idleness, perhaps to
     * the address space it had before.
     *
     * @param asid whose, or {@link CpuWords#NONE}
     */
    void switchBegins(int asid);

    /** The switch is over: the CPU runs in the new address space. */
    void switchEnds();

    /** The CPU idles, its last address space's tables still loaded. Ends with the next switch. */
    default void idle() {}

    /** The hypervisor took the CPU away, at an instruction boundary. */
    default void preempted() {}

    /** The hypervisor is about to let the CPU run again. */
    default void resumed() {}

    /**
     * The CPU is about to walk the page tables. Comes before the entry is read.
     *
     * @param asid whose tables
     * @param address that missed
     */
    default void walk(int asid, long address) {}

    /**
     * The tag under which this CPU's TLB keeps the translations of an address space. Asked after a switch and after an
     * interrupt, for broadcasting needs a tag that is the same on all CPUs.
     *
     * @param asid the address space
     * @return the tag
     */
    default int tag(int asid) {
        return asid;
    }

    /**
     * Listens to the CPU's TLB. Asked once, before the first fill; a policy that rests on it has {@link HostDuty#TLBS}.
     *
     * @return hears of every translation the TLB fills and drops; nobody, by default
     */
    default TlbObserver tlbObserver() {
        return TlbObserver.NONE;
    }

    /**
     * The generation up to which this CPU has flushed, for the oracle's invariant O6.
     *
     * @param asid of which address space
     * @return the generation, or -1 when the policy counts none or the CPU never ran there
     */
    default long localGeneration(int asid) {
        return -1;
    }
}
