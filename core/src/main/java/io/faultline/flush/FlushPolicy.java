package io.faultline.flush;

import java.util.Set;

/**
 * Decides when stale translations are flushed, on which CPUs, and when requesters and reuse may go on.
 *
 * <p>A policy itself is immutable and shared; its parts hold the state. The parts are driven by hosts (actors, an
 * exploration, a test), which call each part from one thread at a time, never from within one of its own effects.
 * Different parts may run at the same time on different threads; what they share is the domain, which is safe for that.
 * Parts keep no clock: all they know of time is that a timer they set has come.
 *
 * <p>See the package's description for how the known policies use this.
 */
public interface FlushPolicy {
    /** {@return the name it is chosen by, without parameters} */
    String name();

    /** {@return what it may defer, for how long, and what it is exempted from; the oracle holds it to that} */
    FlushContract contract();

    /**
     * Makes the part of one place that changes mappings. There may be several.
     *
     * @param id from 0, unique in the domain; what acknowledgements are addressed to
     * @param domain shared with all other parts
     * @param port takes its effects
     * @return the part
     */
    Initiator initiator(int id, FlushDomain domain, InitiatorPort port);

    /**
     * Makes the part of one CPU.
     *
     * @param cpu its number in the domain
     * @param domain shared with all other parts
     * @param port takes its effects
     * @return the part; small, there may be a million
     */
    CpuPart cpuPart(int cpu, FlushDomain domain, CpuPort port);

    /**
     * What the policy cannot do without. A host that does not do it refuses the policy, rather than wait for ever.
     *
     * @return beyond interrupts, context switches and timers
     */
    default Set<HostDuty> duties() {
        return Set.of();
    }

    /**
     * Tells whether a CPU that was not interrupted makes up for it when it next switches or stops idling, so that another
     * policy may spare it.
     *
     * @return true, as with {@link GenerationCpuPart}
     */
    default boolean catchesUpAtSwitches() {
        return true;
    }

    /**
     * Tells whether the policy's CPUs want to hear of {@link CpuPart#idle} and of the switch that ends it. A CPU idles and
     * goes on with every fault, so a host spares itself both where they change nothing.
     *
     * @return true unless the policy knows that it ignores idleness
     */
    default boolean hearsOfIdleness() {
        return true;
    }
}
