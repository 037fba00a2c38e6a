package io.faultline.flush;

import java.util.Set;

/**
 * P15, LUF: a page that was mapped read-only and clean is unmapped without a flush; CPUs go on reading what it held, which
 * nobody changes as long as its frame is in the allocator. The flush comes before the frame leaves the allocator
 * ({@link Initiator#reuseWanted}), or when so many are pending, and before anything of the address space becomes writable:
 * a stale reader would miss what is written.
 *
 * <p>Source: Park, "LUF (Lazy Unmap Flush) reducing tlb numbers over 90%", linux-kernel, 2024.
 *
 * @param pending how many ranges may wait
 * @param flusher does the flushing
 */
public record LufPolicy(int pending, FlushPolicy flusher) implements LayeredPolicy {
    /** Bounds what an initiator keeps; the patches have no such bound. */
    public static final int DEFAULT_PENDING = 4096;

    private static final FlushContract OWN = new FlushContract(Set.of(), Set.of(ChangeKind.UNMAP), Set.of(),
            new FlushContract.Staleness.UntilReuse(), Set.of());

    /** Checks the number. */
    public LufPolicy {
        if (pending < 1) {
            throw new IllegalArgumentException("luf with " + pending + " pending ranges; at least 1 is needed");
        }
    }

    @Override
    public LufPolicy over(FlushPolicy policy) {
        return new LufPolicy(pending, policy);
    }

    @Override
    public String name() {
        return "luf";
    }

    @Override
    public FlushContract contract() {
        return OWN.over(flusher.contract());
    }

    @Override
    public Initiator initiator(int id, FlushDomain domain, InitiatorPort port) {
        return new GatheringInitiator(flusher, id, domain, port) {
            @Override
            protected boolean gathers(FlushRequest request) {
                return (OWN.mayDefer(request) && request.pagesPresent() > 0) || waits(request);
            }

            /** What becomes writable waits for all that is pending, in any initiator's hands. */
            private boolean waits(FlushRequest request) {
                return !request.kind().leavesStaleTranslations()
                        && request.pagesWritable() > 0
                        && domain.space(request.asid()).changesInFlight() > 1;
            }

            @Override
            protected boolean completesAtOnce(FlushRequest request) {
                return request.kind().leavesStaleTranslations();
            }

            @Override
            protected boolean hasRoom() {
                return waiting() + flushing() < pending;
            }

            @Override
            protected boolean isDue(FlushRequest latest) {
                return !completesAtOnce(latest) || waiting() + flushing() == pending;
            }

            @Override
            protected boolean flushesEverything() {
                return true;
            }
        };
    }
}
