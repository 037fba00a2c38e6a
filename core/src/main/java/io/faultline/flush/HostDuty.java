package io.faultline.flush;

/** What a policy may need of its host beyond interrupts, context switches and timers; without it, it would never end. */
public enum HostDuty {
    /** {@link CpuPart#tick} at regular times, on every CPU that is not idle. */
    TICKS("ticks its CPUs"),
    /** {@link CpuPart#walk} before every walk. */
    WALKS("announces page-table walks"),
    /** Broadcasts and their {@link InitiatorPort#sync}, and {@link Initiator#departing} where an initiator is on a CPU. */
    BROADCASTS("broadcasts invalidations"),
    /** {@link Initiator#operationEnds} after the last request of every operation, complete or not. */
    OPERATIONS("tells when an operation ends"),
    /** {@link CpuPart#tlbObserver} attached to each CPU's TLB, in a world where one thing happens at a time. */
    TLBS("lets policies look into TLBs");

    private final String description;

    HostDuty(String description) {
        this.description = description;
    }

    /** {@return what the host does, to follow "a host that"} */
    public String description() {
        return description;
    }
}
