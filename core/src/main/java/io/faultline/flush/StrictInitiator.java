package io.faultline.flush;

import java.util.BitSet;

/**
 * Flushes every request at once and finishes it when all targets answered: the initiator of {@link StrictPolicy}, and what
 * other policies fall back to for requests outside their contract. It filters its targets through {@link #isTarget}, which
 * policies that spare some CPUs override.
 *
 * <p>Source: {@code flush_tlb_mm_range} and {@code native_flush_tlb_multi} in arch/x86/mm/tlb.c.
 */
public class StrictInitiator implements Initiator {
    private final int id;
    private final FlushDomain domain;
    private final InitiatorPort port;
    private final int ceilingPages;
    private final AckRounds<FlushRequest> rounds = new AckRounds<>();

    /**
     * @param id the initiator's
     * @param domain shared
     * @param port takes the effects
     * @param ceilingPages the most pages to invalidate one by one
     */
    public StrictInitiator(int id, FlushDomain domain, InitiatorPort port, int ceilingPages) {
        this.id = id;
        this.domain = domain;
        this.port = port;
        this.ceilingPages = ceilingPages;
    }

    @Override
    public void request(FlushRequest request) {
        var space = domain.space(request.asid());
        if (needsNoFlush(request, space)) {
            finish(request);
            return;
        }
        long generation = space.advance();
        long ticket = rounds.nextTicket();
        var command = FlushCommand.of(id, ticket, request, generation, ceilingPages);
        var targets = targets(request, space);
        if (targets.isEmpty()) {
            finish(request);
            return;
        }
        rounds.open(ticket, (BitSet) targets.clone(), request);
        int own = request.cpu();
        if (own != FlushRequest.NO_CPU && targets.get(own)) {
            targets.clear(own);
        } else {
            own = FlushRequest.NO_CPU;
        }
        send(own, targets, command);
    }

    /**
     * Sends a command: to the own CPU first, then to the others. Overridden by policies that do otherwise.
     *
     * @param own the CPU the change was made on if it has to flush, else {@link FlushRequest#NO_CPU}
     * @param others who else has to
     * @param command to all
     */
    protected void send(int own, BitSet others, FlushCommand command) {
        if (own != FlushRequest.NO_CPU) {
            port.flushSelf(own, command);
        }
        others.stream().forEach(cpu -> port.sendIpi(cpu, command));
    }

    /**
     * Nothing can be stale, or what could be was another's change and is flushed: "nothing present" alone does not mean that
     * nobody holds a translation, for whoever removed the entry may still be flushing (race R3). Overridden by policies that
     * know better.
     *
     * @param request what changed
     * @param space where
     * @return whether it is finished as it is
     */
    protected boolean needsNoFlush(FlushRequest request, FlushSpace space) {
        return leavesNothingStale(request, space);
    }

    static boolean leavesNothingStale(FlushRequest request, FlushSpace space) {
        return !request.kind().leavesStaleTranslations()
                || ((request.pagesPresent() == 0 || request.kind() == ChangeKind.BARRIER)
                        && !request.tablesFreed()
                        && space.changesInFlight() <= 1);
    }

    /**
     * Tells who has to flush. Called after the generation was advanced.
     *
     * @param request what changed
     * @param space where
     * @return the CPUs of the address space that {@link #isTarget}; to be changed by the caller
     */
    protected BitSet targets(FlushRequest request, FlushSpace space) {
        var targets = space.cpus().snapshot();
        for (int cpu = targets.nextSetBit(0); cpu >= 0; cpu = targets.nextSetBit(cpu + 1)) {
            if (!isTarget(cpu, request)) {
                targets.clear(cpu);
            }
        }
        return targets;
    }

    /**
     * Tells whether a CPU of the address space has to flush now. Called after the generation was advanced.
     *
     * @param cpu in the address space's mask
     * @param request what changed
     * @return true; overridden by policies that know better
     */
    protected boolean isTarget(int cpu, FlushRequest request) {
        return true;
    }

    @Override
    public void acknowledged(int cpu, long ticket) {
        var request = rounds.acknowledged(cpu, ticket);
        if (request != null) {
            flushed(request);
        }
    }

    /**
     * All targets of a request answered. Overridden by policies that completed some of their requests before.
     *
     * @param request whose round ended
     */
    protected void flushed(FlushRequest request) {
        finish(request);
    }

    private void finish(FlushRequest request) {
        domain.space(request.asid()).changeEnds();
        port.finish(request);
    }

    @Override
    public int unsettled() {
        return rounds.size();
    }

    /** {@return the acknowledgements waited for, to add rounds of one's own} */
    protected final AckRounds<FlushRequest> rounds() {
        return rounds;
    }

    /** {@return what the parts share} */
    protected final FlushDomain domain() {
        return domain;
    }

    /** {@return this initiator's port} */
    protected final InitiatorPort port() {
        return port;
    }
}
