package io.faultline.flush;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * P7: the hardware invalidates in every CPU's TLB in the background, without interrupts (INVLPGB, TLBI); one
 * synchronisation ends an operation, and only then its requests are complete. The CPU that broadcast must synchronise
 * before it switches or idles, for no other can do it in its place. Every address space has a tag that is the same on all
 * CPUs, from the start; Linux gives one only to processes that are active on several CPUs.
 *
 * <p>Source: van Riel, "AMD broadcast TLB invalidation", Linux 6.15, arch/x86/mm/tlb.c; AMD APM vol. 3, INVLPGB and TLBSYNC.
 *
 * @param ceilingPages the most pages to invalidate one by one
 */
public record BroadcastPolicy(int ceilingPages) implements FlushPolicy {
    /** Checks the ceiling. */
    public BroadcastPolicy {
        StrictPolicy.checkCeiling(ceilingPages);
    }

    @Override
    public String name() {
        return "broadcast";
    }

    @Override
    public FlushContract contract() {
        return FlushContract.STRICT;
    }

    @Override
    public Set<HostDuty> duties() {
        return EnumSet.of(HostDuty.BROADCASTS, HostDuty.OPERATIONS);
    }

    @Override
    public boolean catchesUpAtSwitches() {
        return false;
    }

    @Override
    public Initiator initiator(int id, FlushDomain domain, InitiatorPort port) {
        return new BroadcastInitiator(id, domain, port, ceilingPages);
    }

    @Override
    public CpuPart cpuPart(int cpu, FlushDomain domain, CpuPort port) {
        return new PlainCpuPart(cpu, domain) {
            @Override
            public void ipi(FlushCommand command) {
                throw new IllegalStateException("CPU " + cpu + " was interrupted for " + command
                        + ", but broadcast sends no interrupts");
            }

            @Override
            public void switchBegins(int asid) {
                port.syncBroadcasts();
                super.switchBegins(asid);
            }

            @Override
            public void idle() {
                port.syncBroadcasts();
            }
        };
    }

    private static final class BroadcastInitiator implements Initiator {
        private final int id;
        private final FlushDomain domain;
        private final InitiatorPort port;
        private final int ceilingPages;
        private final Map<Long, List<FlushRequest>> syncing = new HashMap<>();
        private List<FlushRequest> broadcast = new ArrayList<>();
        private int unsettled;
        private long lastTicket;

        BroadcastInitiator(int id, FlushDomain domain, InitiatorPort port, int ceilingPages) {
            this.id = id;
            this.domain = domain;
            this.port = port;
            this.ceilingPages = ceilingPages;
        }

        @Override
        public void request(FlushRequest request) {
            if (StrictInitiator.leavesNothingStale(request, domain.space(request.asid()))) {
                finish(request);
                return;
            }
            unsettled++;
            broadcast.add(request);
            port.broadcast(FlushCommand.of(id, lastTicket, request, 0, ceilingPages));
        }

        private void sync() {
            if (!broadcast.isEmpty()) {
                syncing.put(++lastTicket, broadcast);
                broadcast = new ArrayList<>();
                port.sync(lastTicket);
            }
        }

        @Override
        public void operationEnds(long operation) {
            sync();
        }

        @Override
        public void departing() {
            sync();
        }

        @Override
        public void drain() {
            sync();
        }

        @Override
        public void synced(long ticket) {
            var requests = syncing.remove(ticket);
            if (requests != null) {
                unsettled -= requests.size();
                requests.forEach(this::finish);
            }
        }

        @Override
        public void acknowledged(int cpu, long ticket) {
            // Nobody is interrupted, so nobody answers.
        }

        private void finish(FlushRequest request) {
            domain.space(request.asid()).changeEnds();
            port.finish(request);
        }

        @Override
        public int unsettled() {
            return unsettled;
        }
    }
}
