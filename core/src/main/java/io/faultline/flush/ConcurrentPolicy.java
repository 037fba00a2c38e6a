package io.faultline.flush;

import java.util.BitSet;

/**
 * P2: as {@link StrictPolicy}, but the initiator's own CPU flushes while the interrupts are on their way instead of before.
 * A request is complete when all CPUs have flushed, the own one included.
 *
 * <p>Source: Amit, "x86/mm/tlb: Flush remote and local TLBs concurrently", Linux 4ce94eabac16 (5.13).
 *
 * @param ceilingPages the most pages to invalidate one by one
 */
public record ConcurrentPolicy(int ceilingPages) implements FlushPolicy {
    /** Checks the ceiling. */
    public ConcurrentPolicy {
        StrictPolicy.checkCeiling(ceilingPages);
    }

    @Override
    public String name() {
        return "concurrent";
    }

    @Override
    public FlushContract contract() {
        return FlushContract.STRICT;
    }

    @Override
    public Initiator initiator(int id, FlushDomain domain, InitiatorPort port) {
        return new StrictInitiator(id, domain, port, ceilingPages) {
            @Override
            protected void send(int own, BitSet others, FlushCommand command) {
                others.stream().forEach(cpu -> port.sendIpi(cpu, command));
                if (own != FlushRequest.NO_CPU) {
                    port.flushSelf(own, command);
                }
            }
        };
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
