package io.faultline.oracle;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.faultline.flush.CpuPart;
import io.faultline.flush.CpuPort;
import io.faultline.flush.FlushCommand;
import io.faultline.flush.FlushContract;
import io.faultline.flush.FlushDomain;
import io.faultline.flush.FlushPolicy;
import io.faultline.flush.FlushRequest;
import io.faultline.flush.ForwardingInitiator;
import io.faultline.flush.ForwardingInitiatorPort;
import io.faultline.flush.HostDuty;
import io.faultline.flush.Initiator;
import io.faultline.flush.InitiatorPort;

/** A policy whose claims the oracle hears. */
record WatchedPolicy(FlushPolicy policy, SafetyOracle oracle, PolicyWitness claims) implements FlushPolicy {
    @Override
    public String name() {
        return policy.name();
    }

    @Override
    public FlushContract contract() {
        return policy.contract();
    }

    @Override
    public Set<HostDuty> duties() {
        return policy.duties();
    }

    @Override
    public boolean catchesUpAtSwitches() {
        return policy.catchesUpAtSwitches();
    }

    @Override
    public boolean hearsOfIdleness() {
        return policy.hearsOfIdleness();
    }

    @Override
    public Initiator initiator(int id, FlushDomain domain, InitiatorPort port) {
        var watched = new WatchedPort(port);
        claims.initiator(watched);
        return new ForwardingInitiator(policy.initiator(id, domain, watched)) {
            @Override
            public void request(FlushRequest request) {
                watched.open.put(request.id(), request);
                super.request(request);
            }

            @Override
            public void synced(long ticket) {
                watched.synced(ticket);
                super.synced(ticket);
            }
        };
    }

    @Override
    public CpuPart cpuPart(int cpu, FlushDomain domain, CpuPort port) {
        return new WatchedCpu(cpu, domain, oracle, claims,
                policy.cpuPart(cpu, domain, new WatchedCpuPort(cpu, claims, port)));
    }

    private void flushed(FlushRequest request) {
        oracle.flushed(request.asid(), request.start(), request.end(), request.changeSequence());
    }

    /** What an initiator says and does. */
    final class WatchedPort extends ForwardingInitiatorPort {
        /** Asked for by another thread too, when a machine is given up. */
        private final Map<Long, FlushRequest> open = Collections.synchronizedMap(new LinkedHashMap<>());
        private final Map<Long, List<Integer>> syncing = new LinkedHashMap<>();
        private List<Integer> broadcast = new ArrayList<>();

        WatchedPort(InitiatorPort next) {
            super(next);
        }

        List<FlushRequest> unsettled() {
            synchronized (open) {
                return List.copyOf(open.values());
            }
        }

        @Override
        public void sendIpi(int cpu, FlushCommand command) {
            claims.told(command);
            super.sendIpi(cpu, command);
        }

        @Override
        public void flushSelf(int cpu, FlushCommand command) {
            claims.told(command);
            super.flushSelf(cpu, command);
        }

        @Override
        public void broadcast(FlushCommand command) {
            broadcast.add(command.asid());
            super.broadcast(command);
        }

        @Override
        public void sync(long ticket) {
            syncing.put(ticket, broadcast);
            broadcast = new ArrayList<>();
            super.sync(ticket);
        }

        private void synced(long ticket) {
            syncing.getOrDefault(ticket, List.of()).forEach(claims::tablesDroppedEverywhere);
            syncing.remove(ticket);
        }

        @Override
        public void settled(FlushRequest request) {
            open.remove(request.id());
            if (request.kind().leavesStaleTranslations()) {
                flushed(request);
            }
            super.settled(request);
        }

        @Override
        public void complete(FlushRequest request) {
            // Held to the contract: what the policy may not defer must be flushed by now.
            if (mustBeFlushed(request)) {
                flushed(request);
            } else if (open.containsKey(request.id())) {
                claims.deferred(request);
            }
            super.complete(request);
        }

        /** An install makes nothing stale; but whoever leaves readers stale has promised them no writer. */
        private boolean mustBeFlushed(FlushRequest request) {
            return request.kind().leavesStaleTranslations()
                    ? !contract().mayDefer(request)
                    : request.pagesWritable() > 0 && !contract().kindsIfReadOnly().isEmpty();
        }
    }
}
