package io.faultline.oracle;

import io.faultline.flush.CpuPart;
import io.faultline.flush.CpuPort;
import io.faultline.flush.CpuWords;
import io.faultline.flush.FlushContract;
import io.faultline.flush.FlushDomain;
import io.faultline.flush.FlushPolicy;
import io.faultline.flush.FlushRequest;
import io.faultline.flush.ForwardingCpuPart;
import io.faultline.flush.ForwardingInitiatorPort;
import io.faultline.flush.Initiator;
import io.faultline.flush.InitiatorPort;

/** A policy whose claims the oracle hears. */
record WatchedPolicy(FlushPolicy policy, SafetyOracle oracle) implements FlushPolicy {
    @Override
    public String name() {
        return policy.name();
    }

    @Override
    public FlushContract contract() {
        return policy.contract();
    }

    @Override
    public Initiator initiator(int id, FlushDomain domain, InitiatorPort port) {
        return policy.initiator(id, domain, new WatchedPort(port));
    }

    @Override
    public CpuPart cpuPart(int cpu, FlushDomain domain, CpuPort port) {
        return new WatchedCpu(cpu, policy.cpuPart(cpu, domain, port));
    }

    private void flushed(FlushRequest request) {
        oracle.flushed(request.asid(), request.start(), request.end(), request.changeSequence());
    }

    private final class WatchedPort extends ForwardingInitiatorPort {
        WatchedPort(InitiatorPort next) {
            super(next);
        }

        @Override
        public void settled(FlushRequest request) {
            flushed(request);
            super.settled(request);
        }

        @Override
        public void complete(FlushRequest request) {
            // Held to the contract: what the policy may not defer must be flushed by now.
            if (!contract().mayDefer(request)) {
                flushed(request);
            }
            super.complete(request);
        }
    }

    private final class WatchedCpu extends ForwardingCpuPart {
        private final int cpu;
        private int space = CpuWords.NONE;
        private boolean idle;

        WatchedCpu(int cpu, CpuPart next) {
            super(next);
            this.cpu = cpu;
        }

        @Override
        public void switchBegins(int asid) {
            oracle.cpuStops(cpu);
            super.switchBegins(asid);
            space = asid;
            idle = false;
        }

        @Override
        public void switchEnds() {
            super.switchEnds();
            goOn();
        }

        @Override
        public void idle() {
            oracle.cpuStops(cpu);
            idle = true;
            super.idle();
        }

        @Override
        public void preempted() {
            oracle.cpuStops(cpu);
            super.preempted();
        }

        @Override
        public void resumed() {
            super.resumed();
            goOn();
        }

        private void goOn() {
            if (!idle && space != CpuWords.NONE) {
                oracle.cpuRuns(cpu, space);
            }
        }
    }
}
