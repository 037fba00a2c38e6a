package io.faultline.oracle;

import io.faultline.flush.CpuPort;
import io.faultline.flush.ForwardingCpuPort;

/** Hears what a CPU drops: with any translation of an address space go its pointers to page tables (Intel SDM 4.10.4.1). */
final class WatchedCpuPort extends ForwardingCpuPort {
    private final int cpu;
    private final PolicyWitness claims;

    WatchedCpuPort(int cpu, PolicyWitness claims, CpuPort next) {
        super(next);
        this.cpu = cpu;
        this.claims = claims;
    }

    @Override
    public void invalidate(int asid, long start, long end, int strideShift) {
        super.invalidate(asid, start, end, strideShift);
        claims.tablesDropped(cpu, asid);
    }

    @Override
    public void flushSpace(int asid) {
        super.flushSpace(asid);
        claims.tablesDropped(cpu, asid);
    }

    @Override
    public void flushAll() {
        super.flushAll();
        claims.allTablesDropped(cpu);
    }
}
