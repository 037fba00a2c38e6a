package io.faultline.flush;

/**
 * P5 in small: idle CPUs are not interrupted; they compare generations when they stop idling. Not when page tables are
 * freed, and a CPU in the middle of switching counts as a target ({@code should_flush_tlb} in arch/x86/mm/tlb.c).
 */
class LazySketch implements FlushPolicy {
    @Override
    public String name() {
        return "lazy";
    }

    @Override
    public FlushContract contract() {
        return FlushContract.STRICT;
    }

    @Override
    public Initiator initiator(int id, FlushDomain domain, InitiatorPort port) {
        return new StrictInitiator(id, domain, port, StrictPolicy.CEILING_DEFAULT_PAGES) {
            @Override
            protected boolean isTarget(int cpu, FlushRequest request) {
                return LazySketch.this.isTarget(domain.words(), cpu, request);
            }
        };
    }

    protected boolean isTarget(CpuWords words, int cpu, FlushRequest request) {
        if (request.tablesFreed()) {
            return true;
        }
        if (words.isLazy(cpu)) {
            return false;
        }
        int loaded = words.loaded(cpu);
        return loaded == CpuWords.SWITCHING || loaded == request.asid();
    }

    @Override
    public CpuPart cpuPart(int cpu, FlushDomain domain, CpuPort port) {
        return new LazyCpuPart(cpu, domain, port);
    }

    static class LazyCpuPart extends GenerationCpuPart {
        LazyCpuPart(int cpu, FlushDomain domain, CpuPort port) {
            super(cpu, domain, port);
        }

        @Override
        public void idle() {
            domain().words().setFlags(cpu(), CpuWords.LAZY);
        }

        @Override
        public void switchBegins(int asid) {
            // First no longer lazy, then the generation: whoever advances it later interrupts us.
            domain().words().clearFlags(cpu(), CpuWords.LAZY);
            super.switchBegins(asid);
        }
    }

}
