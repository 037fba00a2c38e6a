package io.faultline.flush;

/**
 * P9: a vCPU that the hypervisor has preempted gets a flag instead of an interrupt, which would wait until it runs again;
 * the hypervisor flushes before it lets it run. Its host must report a vCPU as preempted only at an instruction boundary
 * (Linux 6cd88243c7e0).
 *
 * <p>Source: {@code kvm_flush_tlb_multi} in arch/x86/kernel/kvm.c and {@code KVM_VCPU_FLUSH_TLB}, Linux 4.16.
 *
 * @param flusher does the rest of the flushing
 */
public record ParavirtPolicy(FlushPolicy flusher) implements LayeredPolicy {
    @Override
    public ParavirtPolicy over(FlushPolicy policy) {
        return new ParavirtPolicy(policy);
    }

    @Override
    public String name() {
        return "paravirt";
    }

    @Override
    public Initiator initiator(int id, FlushDomain domain, InitiatorPort port) {
        return new SparingInitiator(flusher, id, domain, port, (cpu, command) -> {
            int flags = domain.words().flags(cpu);
            // The exchange fails when the vCPU was resumed since; it may then miss the flag and must be interrupted.
            return (flags & CpuWords.PREEMPTED) != 0 && port.setFlag(cpu, flags, flags | CpuWords.FLUSH_ON_ENTRY);
        });
    }

    @Override
    public CpuPart cpuPart(int cpu, FlushDomain domain, CpuPort port) {
        return new PreemptibleCpuPart(cpu, domain, port, flusher.cpuPart(cpu, domain, port));
    }

    /** The hypervisor's side too. The guest does not learn of that flush, so its generations stay behind, as in KVM. */
    private static final class PreemptibleCpuPart extends ForwardingCpuPart {
        private final int cpu;
        private final FlushDomain domain;
        private final CpuPort port;

        PreemptibleCpuPart(int cpu, FlushDomain domain, CpuPort port, CpuPart next) {
            super(next);
            this.cpu = cpu;
            this.domain = domain;
            this.port = port;
        }

        @Override
        public void preempted() {
            super.preempted();
            domain.words().setFlags(cpu, CpuWords.PREEMPTED);
        }

        @Override
        public void resumed() {
            int flags = domain.words().clearFlags(cpu, CpuWords.PREEMPTED | CpuWords.FLUSH_ON_ENTRY);
            if ((flags & CpuWords.FLUSH_ON_ENTRY) != 0) {
                port.flushAll();
            }
            super.resumed();
        }
    }
}
