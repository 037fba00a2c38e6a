package io.faultline.examples;

import java.util.ArrayDeque;
import java.util.Queue;

import io.faultline.flush.CpuPart;
import io.faultline.flush.CpuPort;
import io.faultline.flush.FlushCommand;
import io.faultline.flush.FlushContract;
import io.faultline.flush.FlushDomain;
import io.faultline.flush.FlushPolicies;
import io.faultline.flush.FlushPolicy;
import io.faultline.flush.ForwardingInitiator;
import io.faultline.flush.ForwardingInitiatorPort;
import io.faultline.flush.Initiator;
import io.faultline.flush.InitiatorPort;

/**
 * A flush policy of one's own: as strict, but one CPU is interrupted after the other, so that never two are in a handler
 * at once. Requesters wait longer for it. Named {@code io.faultline.examples.OneAtATime} on the command line.
 */
// snippet: policy
public final class OneAtATime implements FlushPolicy {
    private final FlushPolicy strict = FlushPolicies.strict();

    @Override
    public String name() {
        return "one-at-a-time";
    }

    @Override
    public FlushContract contract() {
        return strict.contract(); // what may be deferred: nothing
    }

    @Override
    public Initiator initiator(int id, FlushDomain domain, InitiatorPort port) {
        Queue<Runnable> line = new ArrayDeque<>(); // the first is on its way
        return new ForwardingInitiator(strict.initiator(id, domain, new ForwardingInitiatorPort(port) {
            @Override
            public void sendIpi(int cpu, FlushCommand command) {
                line.add(() -> super.sendIpi(cpu, command));
                if (line.size() == 1) {
                    line.element().run();
                }
            }
        })) {
            @Override
            public void acknowledged(int cpu, long ticket) {
                line.remove();
                if (!line.isEmpty()) {
                    line.element().run();
                }
                super.acknowledged(cpu, ticket);
            }
        };
    }

    @Override
    public CpuPart cpuPart(int cpu, FlushDomain domain, CpuPort port) {
        return strict.cpuPart(cpu, domain, port);
    }
}
// end snippet
