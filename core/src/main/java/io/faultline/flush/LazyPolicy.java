package io.faultline.flush;

/**
 * P5: a CPU that idles with the address space loaded is not interrupted; it compares generations when it stops idling. Not
 * when page tables are freed, for an idle CPU may walk speculatively; and a CPU in the middle of switching is interrupted,
 * since nobody can tell which of the two spaces it uses (CVE-2025-37964).
 *
 * <p>Source: van Riel, "x86/mm/tlb: Make lazy TLB mode lazier", Linux 145f573b89a6 (4.20), and {@code should_flush_tlb} in
 * arch/x86/mm/tlb.c.
 *
 * @param flusher does the flushing; its CPUs must compare generations when they switch
 */
public record LazyPolicy(FlushPolicy flusher) implements LayeredPolicy {
    /** Checks that a spared CPU makes up for what it missed. */
    public LazyPolicy {
        if (!flusher.catchesUpAtSwitches()) {
            throw new IllegalArgumentException("lazy over " + flusher.name() + " would be unsafe: the CPUs of "
                    + flusher.name() + " compare no generations when they stop idling");
        }
    }

    @Override
    public LazyPolicy over(FlushPolicy policy) {
        return new LazyPolicy(policy);
    }

    @Override
    public String name() {
        return "lazy";
    }

    @Override
    public boolean hearsOfIdleness() {
        return true;
    }

    @Override
    public Initiator initiator(int id, FlushDomain domain, InitiatorPort port) {
        return new SparingInitiator(flusher, id, domain, port,
                (cpu, command) -> spares(domain.words(), cpu, command));
    }

    static boolean spares(CpuWords words, int cpu, FlushCommand command) {
        if (command.tablesFreed()) {
            return false;
        }
        // The flag first: a CPU that stops idling clears it before it looks at the generation.
        if (words.isLazy(cpu)) {
            return true;
        }
        int loaded = words.loaded(cpu);
        return loaded != CpuWords.SWITCHING && loaded != command.asid();
    }

    @Override
    public CpuPart cpuPart(int cpu, FlushDomain domain, CpuPort port) {
        return new LazyCpuPart(cpu, domain, flusher.cpuPart(cpu, domain, port));
    }

    private static final class LazyCpuPart extends ForwardingCpuPart {
        private final int cpu;
        private final FlushDomain domain;

        LazyCpuPart(int cpu, FlushDomain domain, CpuPart next) {
            super(next);
            this.cpu = cpu;
            this.domain = domain;
        }

        @Override
        public void idle() {
            super.idle();
            domain.words().setFlags(cpu, CpuWords.LAZY);
        }

        @Override
        public void switchBegins(int asid) {
            // First no longer lazy, then the generation: whoever advances it later interrupts us.
            domain.words().clearFlags(cpu, CpuWords.LAZY);
            super.switchBegins(asid);
        }
    }
}
