package io.faultline.actors;

import io.faultline.ring.PageBatch;
import io.faultline.ring.ReceiveSlots;
import io.faultline.ring.SlotLoans;
import io.faultline.world.Outbox;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * Where a fetcher keeps what it reads: every page on its way has a buffer, and in a machine that moves pages what has
 * arrived has a slot of the staging range instead. Hands them to memslots, and takes them back when they are returned, when
 * their quarantine is over, or when their memslot has died. Belongs to the fetcher.
 */
final class ReceiveDesk {
    private final MachineParts parts;
    private final FetcherCredits credits;
    private final ReceiveSlots buffers;
    private final SlotLoans<ActorRef<Memslot.Command>> loans;
    private final @Nullable StagingDesk staging;
    private final int fetcher;
    private boolean reuseWanted;

    ReceiveDesk(MachineParts parts, int fetcher, FetcherCredits credits) {
        this.parts = parts;
        this.fetcher = fetcher;
        this.credits = credits;
        int capacity = parts.receiveSlots();
        this.buffers = new ReceiveSlots(parts.spec().pageSize(), parts.isTokens(), capacity);
        this.staging = parts.moves() ? new StagingDesk(parts, fetcher) : null;
        this.loans = new SlotLoans<>(capacity, parts.spec().handlers(), this::freed);
    }

    /** The CPU that the fetcher writes through, in a machine that moves pages. */
    @Nullable
    HostCpu cpu() {
        return staging == null ? null : staging.cpu();
    }

    /** Gives a buffer to every page of a batch that has none. */
    void giveBuffers(PageBatch batch) {
        for (int page = 0; page < batch.count(); page++) {
            if (batch.slot(page) == PageBatch.NO_SLOT) {
                int slot = buffers.take();
                batch.slot(page, slot, buffers.buffer(slot));
            }
        }
    }

    /** Takes the buffers of a batch back that is not read again. */
    void takeBuffers(PageBatch batch) {
        for (int page = 0; page < batch.count(); page++) {
            int slot = batch.takeSlot(page);
            if (slot != PageBatch.NO_SLOT) {
                buffers.give(slot);
            }
        }
    }

    /** Takes one buffer back. */
    void giveBuffer(int slot) {
        buffers.give(slot);
    }

    /** A read was given up and may still write to its buffer: another takes its place. */
    void giveUp(PageBatch pages) {
        for (int page = 0; page < pages.count(); page++) {
            buffers.giveUp();
        }
    }

    /** A read that was given up has ended after all. */
    void takeLate(PageBatch batch) {
        for (int page = 0; page < batch.count(); page++) {
            buffers.giveLate(batch.takeSlot(page));
        }
    }

    /** Whether any buffer is with a read, or with a memslot that copies from it. */
    boolean isReceiving() {
        return buffers.inUse() > 0;
    }

    /** Takes a batch in that has arrived; {@link #next} tells what to hand over. */
    void arrived(PageBatch batch) {
        if (staging != null) {
            staging.add(batch);
        }
    }

    /** What has arrived and can be handed over, in a machine that moves pages; null when there is nothing, or no frame. */
    @Nullable
    PageBatch next() {
        return staging == null ? null : staging.next(this);
    }

    boolean isWaitingForFrames() {
        return staging != null && staging.isWaiting();
    }

    /** Notes to whom a batch is handed. */
    void lend(PageBatch batch, ActorRef<Memslot.Command> memslot) {
        loans.lend(batch, memslot);
    }

    /** A memslot has finished with a batch. */
    void returned(PageBatch batch, Outbox out) {
        loans.returned(batch);
        after(out);
    }

    /** The flush of a slot that a page was moved out of is released. */
    void released(PageBatch batch, int slot, Outbox out) {
        loans.released(batch, slot);
        after(out);
    }

    /** A memslot was replaced: what the one before was lent comes back. */
    void lostBy(int memslot, Outbox out) {
        loans.lostBy(memslot, parts.memslots().get(memslot), slot -> staging != null && staging.isVacant(slot));
        after(out);
    }

    private void freed(int slot, int handler, boolean moved) {
        if (staging != null) {
            staging.give(slot, moved);
        } else {
            buffers.give(slot);
        }
        credits.freed(handler, 1);
    }

    private void after(Outbox out) {
        credits.tellFreed(out);
        if (staging == null) {
            return;
        }
        // Slots in quarantine hold credits. With half of a handler's gone, what is left is not enough to keep reads under
        // way while others are installed; and with all of them gone nothing would ever come that fills the policy's ring.
        boolean shortOfSlots = 2 * loans.quarantinedMost() > parts.creditPages();
        boolean enough = 4 * loans.quarantinedMost() <= parts.creditPages();
        if (reuseWanted ? enough : shortOfSlots) {
            reuseWanted = shortOfSlots;
            out.tell(parts.shootdown(), new TlbShootdown.ReuseWanted(fetcher, reuseWanted));
        }
    }
}
