package io.faultline.flush;

/**
 * What a {@link CpuPart} can do to its own CPU. Implemented by its host; called from within the part's own calls, and
 * takes effect before it returns. What it costs is the host's affair.
 */
public interface CpuPort {
    /**
     * Drops the translations of a range, page by page (INVLPG).
     *
     * @param asid whose
     * @param start the first byte
     * @param end the first byte after the range
     * @param strideShift log2 of the page size to step by
     */
    void invalidate(int asid, long start, long end, int strideShift);

    /**
     * Drops an address space's every translation.
     *
     * @param asid whose
     */
    void flushSpace(int asid);

    /** Drops everything. */
    void flushAll();

    /** {@return how many translations the CPU holds, to tell what a flush lost; 0 from a host that does not count} */
    default int liveEntries() {
        return 0;
    }

    /**
     * Waits for the broadcasts that this CPU issued (TLBSYNC). Only the CPU that issued them can, so a policy that
     * broadcasts does this before the CPU switches or idles. The hardware's wait; returns when they took effect.
     */
    default void syncBroadcasts() {}

    /**
     * Tells an initiator that this CPU is done.
     *
     * @param initiator of the command
     * @param ticket of the command
     */
    void acknowledge(int initiator, long ticket);
}
