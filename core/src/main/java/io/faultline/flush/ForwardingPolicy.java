package io.faultline.flush;

import java.util.Set;

/** A policy like another in everything. For those who change one thing about it: a race's bug, a count, a log. */
public abstract class ForwardingPolicy implements FlushPolicy {
    private final FlushPolicy policy;

    /**
     * Makes a policy in front of another.
     *
     * @param policy decides what is not overridden
     */
    protected ForwardingPolicy(FlushPolicy policy) {
        this.policy = policy;
    }

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
        return policy.initiator(id, domain, port);
    }

    @Override
    public CpuPart cpuPart(int cpu, FlushDomain domain, CpuPort port) {
        return policy.cpuPart(cpu, domain, port);
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
}
