package io.faultline.flush;

/**
 * P9 in small: a preempted vCPU gets a flag instead of an interrupt, and the hypervisor flushes before it runs again
 * ({@code kvm_flush_tlb_multi} in arch/x86/kernel/kvm.c).
 */
class ParavirtSketch implements FlushPolicy {
    @Override
    public String name() {
        return "paravirt";
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
                int flags = domain.words().flags(cpu);
                // The exchange fails when the vCPU was resumed since; then it may miss the flag and must be interrupted.
                return (flags & CpuWords.PREEMPTED) == 0
                        || !port.setFlag(cpu, flags, flags | CpuWords.FLUSH_ON_ENTRY);
            }
        };
    }

    @Override
    public CpuPart cpuPart(int cpu, FlushDomain domain, CpuPort port) {
        return new PreemptibleCpuPart(cpu, domain, port);
    }

    static class PreemptibleCpuPart extends GenerationCpuPart {
        PreemptibleCpuPart(int cpu, FlushDomain domain, CpuPort port) {
            super(cpu, domain, port);
        }

        @Override
        public void preempted() {
            domain().words().setFlags(cpu(), CpuWords.PREEMPTED);
        }

        @Override
        public void resumed() {
            int flags = domain().words().clearFlags(cpu(), CpuWords.PREEMPTED | CpuWords.FLUSH_ON_ENTRY);
            if ((flags & CpuWords.FLUSH_ON_ENTRY) != 0) {
                port().flushAll();
                flushedAll();
            }
        }
    }
}
