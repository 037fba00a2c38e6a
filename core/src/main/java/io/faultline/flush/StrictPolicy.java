package io.faultline.flush;

/**
 * P1: every change is flushed before its requester goes on. Generations spare a CPU what it flushed already, and a range of
 * more pages than the ceiling becomes one full flush ({@code tlb_single_page_flush_ceiling}, 33 in Linux on x86).
 *
 * @param ceilingPages the most pages to invalidate one by one
 */
public record StrictPolicy(int ceilingPages) implements FlushPolicy {
    /** Linux's ceiling on x86; see Documentation/arch/x86/tlb.rst. */
    public static final int CEILING_DEFAULT_PAGES = 33;

    /** Checks the ceiling. */
    public StrictPolicy {
        checkCeiling(ceilingPages);
    }

    static void checkCeiling(int ceilingPages) {
        if (ceilingPages < 0) {
            throw new IllegalArgumentException("ceiling of " + ceilingPages + " pages; 0 means always full");
        }
    }

    @Override
    public String name() {
        return "strict";
    }

    @Override
    public FlushContract contract() {
        return FlushContract.STRICT;
    }

    @Override
    public Initiator initiator(int id, FlushDomain domain, InitiatorPort port) {
        return new StrictInitiator(id, domain, port, ceilingPages);
    }

    @Override
    public boolean hearsOfIdleness() {
        return false;
    }

    @Override
    public CpuPart cpuPart(int cpu, FlushDomain domain, CpuPort port) {
        return new GenerationCpuPart(cpu, domain, port);
    }
}
