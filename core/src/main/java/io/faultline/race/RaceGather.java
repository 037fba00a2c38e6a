package io.faultline.race;

import io.faultline.flush.ChangeKind;
import io.faultline.flush.Direction;
import io.faultline.flush.FlushRequest;
import org.jspecify.annotations.Nullable;

/**
 * One operation on a page table, as an {@code mmu_gather}: it changes entries step by step, asks the flush policy for their
 * flush, waits, and frees what it took out. In which order, and whether at all, is for the script to say.
 *
 * <p>The flush policy hears of the operation when its first entry is changed ({@code inc_tlb_flush_pending}), and must be
 * asked with {@link #send} or {@link #flush} in the end, also when nothing was found, unless the protocol forgot it
 * ({@link #forget}).
 */
public final class RaceGather extends RaceChanges {
    private boolean synchronous;
    private @Nullable FlushRequest request;
    private boolean settled;
    private boolean complete;
    private boolean released;

    RaceGather(Race race, RaceSpace space, ChangeKind kind, Direction direction) {
        super(race, space, kind, direction);
    }

    /**
     * Says that the operation must not go on with stale translations about, whatever the policy may defer.
     *
     * @return this
     */
    public RaceGather synchronous() {
        synchronous = true;
        return this;
    }

    /**
     * Has the operation not tell that its flush is pending before it changes anything, as kernels did before
     * {@code inc_tlb_flush_pending} and as code outside of mm/ forgets to: who finds nothing present cannot know.
     *
     * @return this
     */
    public RaceGather unannounced() {
        changes().announcedLate();
        return this;
    }

    /** {@return the step of asking for the flush and telling that the call ends, and the wait for it} */
    public RaceStep flush() {
        return thread -> {
            thread.when("flush_tlb_range", () -> true, () -> {
                request(thread);
                thread.initiator().operationEnds();
            });
            thread.does(await());
        };
    }

    /** {@return the step of asking for the flush; the call goes on, and so may a batch that it is part of} */
    public RaceStep send() {
        return thread -> thread.when("ask for the flush", () -> true, () -> request(thread));
    }

    /** {@return the step in which the call, or the batch, ends: {@code tlb_finish_mmu}, {@code try_to_unmap_flush}} */
    public RaceStep finish() {
        return thread -> thread.when("end the batch", () -> true, thread.initiator()::operationEnds);
    }

    /** {@return the wait for the policy to say that the operation may go on} */
    public RaceStep await() {
        return RaceStep.until("flushed", () -> complete);
    }

    /** {@return the step of those who think that there is nothing to flush: the policy is not asked} */
    public RaceStep forget() {
        return RaceStep.of("no flush", changes()::withdraw);
    }

    private void request(RaceThread thread) {
        RaceInitiator initiator = thread.initiator();
        FlushRequest made =
                changes().request(race().nextRequest(), initiator.operation(), initiator.cpuNumber(), synchronous);
        thread.note(RacePages.pages(made.start(), made.end()));
        request = made;
        initiator.request(made, this);
        if (complete) {
            thread.note(settled ? "nobody to wait for" : "deferred");
        }
    }

    void settled() {
        settled = true;
    }

    void completed() {
        complete = true;
        changes().completed();
    }

    void released() {
        released = true;
    }

    /** {@return whether the policy has said that the operation may go on} */
    public boolean isComplete() {
        return complete;
    }

    /** {@return whether the policy has said that frames and range may be used again} */
    public boolean isReleased() {
        return released;
    }

    /** {@return the step of telling the policy that what waits for its flush is needed} */
    public RaceStep wantReuse() {
        return thread -> thread.when("need the range", () -> true, () -> {
            FlushRequest made = request;
            if (made != null && !released) {
                thread.initiator().reuseWanted(made);
            }
        });
    }

    /** {@return the step of freeing frames and tables that were taken out, when the policy has released them} */
    public RaceStep free() {
        return thread -> thread.when("free", () -> released, changes()::free);
    }

    /** {@return the step of freeing them without asking anybody} */
    public RaceStep freeAtOnce() {
        return thread -> thread.when("free", () -> true, changes()::free);
    }
}
