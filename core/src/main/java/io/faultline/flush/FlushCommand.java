package io.faultline.flush;

/**
 * What an IPI asks of a CPU, as {@code struct flush_tlb_info} in Linux. Immutable: one object goes to all targets.
 *
 * @param initiator whom to acknowledge to
 * @param ticket what to acknowledge; chosen by the initiator, meaningless to others
 * @param asid the address space to flush
 * @param generation the generation its tables reached with the change; 0 for a policy without generations
 * @param start the first byte; 0 when everything goes
 * @param end the first byte after the range; {@link Long#MAX_VALUE} when everything goes
 * @param strideShift log2 of the page size to invalidate by
 * @param tablesFreed whether page tables were freed, so that paging-structure caches must go too
 * @param logEnd apply the initiator's log up to here; 0 for a policy without logs
 */
public record FlushCommand(
        int initiator,
        long ticket,
        int asid,
        long generation,
        long start,
        long end,
        int strideShift,
        boolean tablesFreed,
        long logEnd) {

    /** {@return whether the address space's every translation goes} */
    public boolean isFull() {
        return end == Long.MAX_VALUE;
    }

    /**
     * Makes the command for a request: its range, or everything when that is more than the ceiling.
     *
     * @param initiator whom to acknowledge to
     * @param ticket what to acknowledge
     * @param request whose range
     * @param generation the generation reached with the change
     * @param ceilingPages the most pages to invalidate one by one
     * @return the command
     */
    public static FlushCommand of(int initiator, long ticket, FlushRequest request, long generation,
            long ceilingPages) {
        return request.strides() > ceilingPages
                ? full(initiator, ticket, request.asid(), generation, request.tablesFreed())
                : new FlushCommand(initiator, ticket, request.asid(), generation, request.start(), request.end(),
                        request.strideShift(), request.tablesFreed(), 0);
    }

    /**
     * Makes the command that drops an address space's every translation.
     *
     * @param initiator whom to acknowledge to
     * @param ticket what to acknowledge
     * @param asid the address space
     * @param generation the generation reached
     * @param tablesFreed whether page tables were freed
     * @return the command
     */
    public static FlushCommand full(int initiator, long ticket, int asid, long generation, boolean tablesFreed) {
        return new FlushCommand(initiator, ticket, asid, generation, 0, Long.MAX_VALUE, 12, tablesFreed, 0);
    }
}
