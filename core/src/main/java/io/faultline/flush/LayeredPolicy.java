package io.faultline.flush;

import java.util.Set;

/**
 * A policy that leaves the flushing itself to another: it delays and merges requests, or spares some CPUs. On the command
 * line the two are written {@code ring:size=64+lazy}: the ring over lazy.
 */
public interface LayeredPolicy extends FlushPolicy {
    /** {@return the policy that does the flushing} */
    FlushPolicy flusher();

    /**
     * Makes the same policy over another.
     *
     * @param flusher does the flushing
     * @return a policy with this one's parameters
     * @throws IllegalArgumentException when the two together would be unsafe, saying why
     */
    LayeredPolicy over(FlushPolicy flusher);

    @Override
    default FlushContract contract() {
        return flusher().contract();
    }

    @Override
    default Initiator initiator(int id, FlushDomain domain, InitiatorPort port) {
        return flusher().initiator(id, domain, port);
    }

    @Override
    default CpuPart cpuPart(int cpu, FlushDomain domain, CpuPort port) {
        return flusher().cpuPart(cpu, domain, port);
    }

    @Override
    default Set<HostDuty> duties() {
        return flusher().duties();
    }

    @Override
    default boolean catchesUpAtSwitches() {
        return flusher().catchesUpAtSwitches();
    }

    @Override
    default boolean hearsOfIdleness() {
        return flusher().hearsOfIdleness();
    }
}
