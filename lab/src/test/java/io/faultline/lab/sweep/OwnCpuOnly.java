package io.faultline.lab.sweep;

import java.util.BitSet;

import io.faultline.flush.CpuPart;
import io.faultline.flush.CpuPort;
import io.faultline.flush.FlushContract;
import io.faultline.flush.FlushDomain;
import io.faultline.flush.FlushPolicy;
import io.faultline.flush.FlushRequest;
import io.faultline.flush.FlushSpace;
import io.faultline.flush.GenerationCpuPart;
import io.faultline.flush.Initiator;
import io.faultline.flush.InitiatorPort;
import io.faultline.flush.StrictInitiator;

/** Wrong on purpose: interrupts nobody. */
public record OwnCpuOnly() implements FlushPolicy {
    @Override
    public String name() {
        return "own-cpu-only";
    }

    @Override
    public FlushContract contract() {
        return FlushContract.STRICT;
    }

    @Override
    public Initiator initiator(int id, FlushDomain domain, InitiatorPort port) {
        return new StrictInitiator(id, domain, port, 33) {
            @Override
            protected BitSet targets(FlushRequest request, FlushSpace space) {
                var own = new BitSet();
                own.set(request.cpu());
                return own;
            }
        };
    }

    @Override
    public CpuPart cpuPart(int cpu, FlushDomain domain, CpuPort port) {
        return new GenerationCpuPart(cpu, domain, port);
    }
}
