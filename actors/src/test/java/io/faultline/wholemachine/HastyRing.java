package io.faultline.wholemachine;

import java.util.HashSet;
import java.util.Set;

import io.faultline.flush.CpuPart;
import io.faultline.flush.CpuPort;
import io.faultline.flush.Direction;
import io.faultline.flush.FlushContract;
import io.faultline.flush.FlushDomain;
import io.faultline.flush.FlushPolicy;
import io.faultline.flush.FlushRequest;
import io.faultline.flush.ForwardingInitiatorPort;
import io.faultline.flush.Initiator;
import io.faultline.flush.InitiatorPort;

/** Left out: a range that a page was moved out of stays in quarantine until the ring was flushed. */
record HastyRing(FlushPolicy ring) implements FlushPolicy {
    @Override
    public String name() {
        return "hasty ring";
    }

    @Override
    public FlushContract contract() {
        return ring.contract();
    }

    @Override
    public CpuPart cpuPart(int cpu, FlushDomain domain, CpuPort port) {
        return ring.cpuPart(cpu, domain, port);
    }

    @Override
    public Initiator initiator(int id, FlushDomain domain, InitiatorPort port) {
        Set<Long> early = new HashSet<>();
        return ring.initiator(id, domain, new ForwardingInitiatorPort(port) {
            @Override
            public void complete(FlushRequest request) {
                super.complete(request);
                if (request.direction() == Direction.INTO_APP && early.add(request.id())) {
                    super.release(request);
                }
            }

            @Override
            public void release(FlushRequest request) {
                if (!early.remove(request.id())) {
                    super.release(request);
                }
            }
        });
    }
}
