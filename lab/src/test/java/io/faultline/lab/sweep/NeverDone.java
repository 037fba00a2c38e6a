package io.faultline.lab.sweep;

import io.faultline.flush.CpuPart;
import io.faultline.flush.CpuPort;
import io.faultline.flush.FlushContract;
import io.faultline.flush.FlushDomain;
import io.faultline.flush.FlushPolicy;
import io.faultline.flush.FlushRequest;
import io.faultline.flush.GenerationCpuPart;
import io.faultline.flush.Initiator;
import io.faultline.flush.InitiatorPort;

/** Wrong on purpose: lets whoever asks wait for ever. */
public record NeverDone() implements FlushPolicy {
    @Override
    public String name() {
        return "never-done";
    }

    @Override
    public FlushContract contract() {
        return FlushContract.STRICT;
    }

    @Override
    public Initiator initiator(int id, FlushDomain domain, InitiatorPort port) {
        return new Initiator() {
            @Override
            public void request(FlushRequest request) {
                // That was all.
            }

            @Override
            public void acknowledged(int cpu, long ticket) {
                // Nobody was asked for anything.
            }

            @Override
            public int unsettled() {
                return 0;
            }
        };
    }

    @Override
    public CpuPart cpuPart(int cpu, FlushDomain domain, CpuPort port) {
        return new GenerationCpuPart(cpu, domain, port);
    }
}
