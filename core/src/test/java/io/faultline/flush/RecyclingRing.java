package io.faultline.flush;

import java.util.HashSet;
import java.util.Set;

/** The ring without its one safety rule: a deferred range may be reused as soon as its move is complete. */
record RecyclingRing(FlushPolicy ring) implements FlushPolicy {
    @Override
    public String name() {
        return "recycling ring";
    }

    @Override
    public FlushContract contract() {
        return ring.contract();
    }

    @Override
    public Initiator initiator(int id, FlushDomain domain, InitiatorPort port) {
        return ring.initiator(id, domain, new ForwardingInitiatorPort(port) {
            private final Set<Long> recycled = new HashSet<>();

            @Override
            public void complete(FlushRequest request) {
                super.complete(request);
                if (request.direction() == Direction.INTO_APP && recycled.add(request.id())) {
                    super.release(request);
                }
            }

            @Override
            public void release(FlushRequest request) {
                if (!recycled.contains(request.id())) {
                    super.release(request);
                }
            }
        });
    }

    @Override
    public CpuPart cpuPart(int cpu, FlushDomain domain, CpuPort port) {
        return ring.cpuPart(cpu, domain, port);
    }
}
