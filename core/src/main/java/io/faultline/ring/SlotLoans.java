package io.faultline.ring;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Which receive slots a fetcher has handed to memslots, and which of these are in quarantine since: a page was moved out
 * of them, and their virtual range may not be reused before its flush is released. A slot comes back by its memslot's
 * return, and when its page was moved by the release too, in whichever order these come; and when the memslot has died,
 * which returns nothing any more. Each slot comes back once. Not thread-safe: the fetcher owns it.
 *
 * @param <M>
 *            who a slot is lent to: one incarnation of a memslot
 */
public final class SlotLoans<M> {
    /** Is told of every slot that is free again. */
    @FunctionalInterface
    public interface Freed {
        /** {@code handler}'s page has left the slot; {@code moved} tells whether it was moved out of it. */
        void freed(int slot, int handler, boolean moved);
    }

    /** Tells whether a page was moved out of a slot, where whoever moved it can no longer tell. */
    @FunctionalInterface
    public interface Vacancy {
        boolean isVacant(int slot);
    }

    private record Loan<M>(PageBatch batch, M to) {}

    private final Freed freed;
    private final List<@Nullable Loan<M>> loans;
    /** Returned, and waiting for the release. */
    private final BitSet quarantined = new BitSet();
    /** Released, and waiting for the return. */
    private final BitSet released = new BitSet();
    private final int[] quarantinedPages;
    private int quarantinedTotal;

    /**
     * @param slots
     *            how many there are at first; it grows
     * @param handlers
     *            how many handlers have pages here
     * @param freed
     *            is told of every slot that is free again
     */
    public SlotLoans(int slots, int handlers, Freed freed) {
        this.loans = new ArrayList<>(Collections.nCopies(slots, null));
        this.quarantinedPages = new int[handlers];
        this.freed = freed;
    }

    /** Hands the slots of a batch over. */
    public void lend(PageBatch batch, M to) {
        Loan<M> loan = new Loan<>(batch, to);
        for (int index = 0; index < batch.count(); index++) {
            int slot = batch.slot(index);
            while (slot >= loans.size()) {
                loans.add(null);
            }
            Loan<M> before = loans.set(slot, loan);
            assert before == null : "slot " + slot + " is lent already";
        }
    }

    private @Nullable Loan<M> loan(int slot, PageBatch batch) {
        Loan<M> loan = slot < loans.size() ? loans.get(slot) : null;
        return loan != null && loan.batch() == batch ? loan : null;
    }

    /** The memslot has finished with a batch. What was taken back from a memslot that died is passed over. */
    public void returned(PageBatch batch) {
        for (int index = 0; index < batch.count(); index++) {
            int slot = batch.slot(index);
            if (loan(slot, batch) != null && !quarantined.get(slot)) {
                end(slot, batch, batch.isMoved(index));
            }
        }
    }

    /** The flush of a slot's range is released. */
    public void released(PageBatch batch, int slot) {
        if (loan(slot, batch) == null) {
            return;
        }
        if (quarantined.get(slot)) {
            quarantined.clear(slot);
            quarantine(batch.handler(), -1);
            free(slot, batch, true);
        } else {
            released.set(slot);
        }
    }

    /**
     * A memslot was replaced: the slots of those before it come back, those that a page was moved out of when they are
     * released.
     *
     * @param memslot
     *            which
     * @param present
     *            who keeps what it was lent
     * @param vacancy
     *            tells which of the others a page was moved out of
     */
    public void lostBy(int memslot, M present, Vacancy vacancy) {
        for (int slot = 0; slot < loans.size(); slot++) {
            Loan<M> loan = loans.get(slot);
            boolean lost = loan != null && loan.batch().memslot() == memslot && !loan.to().equals(present);
            if (loan != null && lost && !quarantined.get(slot)) {
                end(slot, loan.batch(), vacancy.isVacant(slot));
            }
        }
    }

    private void end(int slot, PageBatch batch, boolean moved) {
        if (moved && !released.get(slot)) {
            quarantined.set(slot);
            quarantine(batch.handler(), 1);
        } else {
            released.clear(slot);
            free(slot, batch, moved);
        }
    }

    private void quarantine(int handler, int pages) {
        quarantinedPages[handler] += pages;
        quarantinedTotal += pages;
        assert quarantinedPages[handler] >= 0 : quarantinedPages[handler] + " pages of handler " + handler;
    }

    private void free(int slot, PageBatch batch, boolean moved) {
        loans.set(slot, null);
        freed.freed(slot, batch.handler(), moved);
    }

    /** Slots in quarantine that hold a credit of one handler, the most of any. */
    public int quarantinedMost() {
        int most = 0;
        for (int pages : quarantinedPages) {
            most = Math.max(most, pages);
        }
        return most;
    }

    /** Slots in quarantine. */
    public int quarantined() {
        return quarantinedTotal;
    }
}
