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
import io.faultline.flush.ForwardingInitiator;
import io.faultline.flush.ForwardingInitiatorPort;
import io.faultline.flush.Initiator;
import io.faultline.flush.InitiatorPort;

/** Left out: a move out of the application's range is complete only when it was flushed. */
record DeferringRing(FlushPolicy ring) implements FlushPolicy {
    @Override
    public String name() {
        return "deferring ring";
    }

    @Override
    public FlushContract contract() {
        return ring.contract();
    }

    /** What idles cannot write, and the oracle knows. */
    @Override
    public boolean hearsOfIdleness() {
        return ring.hearsOfIdleness();
    }

    @Override
    public CpuPart cpuPart(int cpu, FlushDomain domain, CpuPort port) {
        return ring.cpuPart(cpu, domain, port);
    }

    @Override
    public Initiator initiator(int id, FlushDomain domain, InitiatorPort port) {
        Set<Long> told = new HashSet<>();
        InitiatorPort tellingOnce = new ForwardingInitiatorPort(port) {
            @Override
            public void complete(FlushRequest request) {
                if (!told.remove(request.id())) {
                    super.complete(request);
                }
            }
        };
        return new ForwardingInitiator(ring.initiator(id, domain, tellingOnce)) {
            @Override
            public void request(FlushRequest request) {
                if (request.direction() == Direction.OUT_OF_APP) {
                    port.complete(request);
                    told.add(request.id());
                }
                super.request(request);
            }
        };
    }
}
