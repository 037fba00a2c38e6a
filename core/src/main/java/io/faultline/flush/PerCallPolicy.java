package io.faultline.flush;

import java.util.EnumSet;
import java.util.Set;

/**
 * P19, and the gatherer of P3: all changes of one call are flushed together at its end, before the page-table lock is
 * dropped and before any of them is complete. So UFFDIO_MOVE flushes once for the pages of a call, and an
 * {@code mmu_gather} once for what it unhooked; it, too, flushes early when it has gathered too much.
 *
 * <p>Source: {@code move_pages_ptes} in mm/userfaultfd.c (Linux 6.18); {@code tlb_finish_mmu} in mm/mmu_gather.c.
 *
 * @param pages a call that changed so many is flushed before its end; 19 times 510 in mmu_gather
 * @param flusher does the flushing
 */
public record PerCallPolicy(int pages, FlushPolicy flusher) implements LayeredPolicy {
    /** {@code MAX_GATHER_BATCH_COUNT} batches of 510 pages. */
    public static final int DEFAULT_PAGES = 19 * 510;

    /** Checks the number. */
    public PerCallPolicy {
        if (pages < 1) {
            throw new IllegalArgumentException("calls of " + pages + " pages; at least 1 is needed");
        }
    }

    @Override
    public PerCallPolicy over(FlushPolicy policy) {
        return new PerCallPolicy(pages, policy);
    }

    @Override
    public String name() {
        return "per-call";
    }

    @Override
    public Initiator initiator(int id, FlushDomain domain, InitiatorPort port) {
        return new GatheringInitiator(flusher, id, domain, port) {
            private long pagesWaiting;

            @Override
            protected boolean gathers(FlushRequest request) {
                boolean changed = request.pagesPresent() > 0 || request.tablesFreed();
                return changed
                        && request.kind().leavesStaleTranslations()
                        && request.kind() != ChangeKind.BARRIER
                        && !flusher.contract().mayDefer(request);
            }

            @Override
            protected boolean completesAtOnce(FlushRequest request) {
                return false;
            }

            @Override
            protected boolean hasRoom() {
                return true; // Who waits for the call's end makes no further calls.
            }

            @Override
            protected boolean isDue(FlushRequest latest) {
                pagesWaiting = waiting() == 1 ? latest.pagesPresent() : pagesWaiting + latest.pagesPresent();
                return pagesWaiting >= pages;
            }

            @Override
            public void operationEnds(long operation) {
                close();
                super.operationEnds(operation);
            }
        };
    }

    @Override
    public Set<HostDuty> duties() {
        var duties = EnumSet.of(HostDuty.OPERATIONS);
        duties.addAll(flusher.duties());
        return duties;
    }
}
