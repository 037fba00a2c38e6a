package io.faultline.flush;

import java.util.Set;

/**
 * P4: reclaim unmaps page after page without flushing, and one full flush of every CPU that ran the address spaces ends the
 * batch. An unmap is complete at once and its frame freed after the flush. While a batch is being flushed, reclaim waits.
 * Whoever changes entries of the address space otherwise has the batch flushed first, for he may find nothing present where
 * CPUs still hold translations (Linux 3ea277194daa); so does a barrier before a page is written out.
 *
 * <p>Source: Gorman, "mm: send one IPI per CPU to TLB flush all entries after unmapping pages", Linux 72b252aed506 (4.3).
 *
 * @param pages a batch is flushed when it has so many; {@code SWAP_CLUSTER_MAX}
 * @param flusher does the flushing
 */
public record ReclaimBatchPolicy(int pages, FlushPolicy flusher) implements LayeredPolicy {
    /** Linux's batch. */
    public static final int DEFAULT_PAGES = 32;

    private static final FlushContract OWN = new FlushContract(Set.of(ChangeKind.UNMAP), Set.of(),
            new FlushContract.Staleness.UntilReuse(), Set.of());

    /** Checks the number. */
    public ReclaimBatchPolicy {
        if (pages < 1) {
            throw new IllegalArgumentException("a reclaim batch of " + pages + " pages; at least 1 is needed");
        }
    }

    @Override
    public ReclaimBatchPolicy over(FlushPolicy policy) {
        return new ReclaimBatchPolicy(pages, policy);
    }

    @Override
    public String name() {
        return "reclaim-batch";
    }

    @Override
    public FlushContract contract() {
        return OWN.over(flusher.contract());
    }

    @Override
    public Initiator initiator(int id, FlushDomain domain, InitiatorPort port) {
        return new GatheringInitiator(flusher, id, domain, port) {
            private long pagesWaiting;

            @Override
            protected boolean gathers(FlushRequest request) {
                return OWN.mayDefer(request) && request.pagesPresent() > 0;
            }

            @Override
            protected boolean hasRoom() {
                return batches() == 0;
            }

            @Override
            protected boolean isDue(FlushRequest latest) {
                pagesWaiting = waiting() == 1 ? latest.pagesPresent() : pagesWaiting + latest.pagesPresent();
                return pagesWaiting >= pages;
            }

            @Override
            protected boolean flushesEverything() {
                return true;
            }

            @Override
            protected void passes(FlushRequest request) {
                if (request.kind().leavesStaleTranslations()) {
                    close();
                }
            }

            @Override
            public void operationEnds(long operation) {
                close();
                super.operationEnds(operation);
            }
        };
    }
}
