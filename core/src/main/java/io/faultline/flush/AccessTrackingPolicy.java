package io.faultline.flush;

import java.util.BitSet;
import java.util.EnumSet;
import java.util.Set;

/**
 * P12, ABIS: an entry whose accessed bit is clear was never cached, so that changing it needs no flush; others are flushed
 * on the CPUs that walked to them since they last dropped everything. Each CPU notes its walks in a filter before it reads
 * the entry, for a wrong "nobody holds it" is fatal. For the same reason the accessed bits in a request must count what was
 * accessed since the page was last known to be uncached: a bit that reclaim cleared without a flush still counts.
 *
 * <p>Source: Amit, "Optimizing the TLB Shootdown Algorithm with Page Access Tracking", USENIX ATC 2017; there the filter is a
 * table per CPU.
 *
 * @param filterBits of each CPU's filter; twice the entries of a TLB tell most pages apart
 * @param ceilingPages the most pages to invalidate one by one
 */
public record AccessTrackingPolicy(int filterBits, int ceilingPages) implements FlushPolicy {
    /** For a TLB of 1536 entries. */
    public static final int DEFAULT_FILTER_BITS = 4096;

    /** Checks the numbers. */
    public AccessTrackingPolicy {
        if (filterBits < 64) {
            throw new IllegalArgumentException("a filter of " + filterBits + " bits; at least 64 are needed");
        }
        StrictPolicy.checkCeiling(ceilingPages);
    }

    @Override
    public String name() {
        return "access-tracking";
    }

    @Override
    public FlushContract contract() {
        return FlushContract.STRICT;
    }

    @Override
    public Set<HostDuty> duties() {
        return EnumSet.of(HostDuty.WALKS);
    }

    @Override
    public boolean catchesUpAtSwitches() {
        return false;
    }

    @Override
    public Initiator initiator(int id, FlushDomain domain, InitiatorPort port) {
        return new AimingInitiator(id, domain, port, ceilingPages);
    }

    @Override
    public boolean hearsOfIdleness() {
        return false;
    }

    @Override
    public CpuPart cpuPart(int cpu, FlushDomain domain, CpuPort port) {
        return new TrackedCpuPart(cpu, domain, port, domain.walkFilter(cpu, filterBits));
    }

    /** Aims also at CPUs that run something else meanwhile: they compare no generations when they come back. */
    private static final class AimingInitiator extends StrictInitiator {
        /** Looking up more pages than this costs more than it spares. */
        private static final long PAGES_LOOKED_UP = 512;

        AimingInitiator(int id, FlushDomain domain, InitiatorPort port, int ceilingPages) {
            super(id, domain, port, ceilingPages);
        }

        @Override
        protected boolean needsNoFlush(FlushRequest request, FlushSpace space) {
            boolean uncached = request.pagesAccessed() == 0
                    && request.kind() != ChangeKind.BARRIER
                    && !request.tablesFreed()
                    && space.changesInFlight() <= 1;
            return uncached || super.needsNoFlush(request, space);
        }

        @Override
        protected BitSet targets(FlushRequest request, FlushSpace space) {
            long stride = 1L << request.strideShift();
            long start = request.start() & -stride;
            // A large page is held under whichever of its addresses missed.
            long end = request.end() > Long.MAX_VALUE - stride ? request.end() : (request.end() + stride - 1) & -stride;
            boolean any = request.tablesFreed() || (end - start) >>> 12 > PAGES_LOOKED_UP;
            var targets = new BitSet();
            for (int cpu = 0; cpu < domain().cpus(); cpu++) {
                var filter = domain().walkFilter(cpu);
                if (filter != null && (any ? filter.mayHoldAny() : filter.mayHold(request.asid(), start, end))) {
                    targets.set(cpu);
                }
            }
            return targets;
        }
    }

    private static final class TrackedCpuPart extends PlainCpuPart {
        private final CpuPort port;
        private final WalkFilter filter;

        TrackedCpuPart(int cpu, FlushDomain domain, CpuPort port, WalkFilter filter) {
            super(cpu, domain);
            this.port = port;
            this.filter = filter;
        }

        @Override
        public void walk(int asid, long address) {
            filter.add(asid, address);
        }

        /** Does as told, and no less: it cannot tell which flushes it was spared. */
        @Override
        public void ipi(FlushCommand command) {
            if (command.isFull() || command.tablesFreed() || filter.isCrowded()) {
                port.flushAll();
                filter.clear();
            } else {
                port.invalidate(command.asid(), command.start(), command.end(), command.strideShift());
            }
            port.acknowledge(command.initiator(), command.ticket());
        }
    }
}
