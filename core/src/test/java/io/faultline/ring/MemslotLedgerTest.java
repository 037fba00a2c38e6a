package io.faultline.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

import io.faultline.memory.Entry;
import io.faultline.memory.PageSize;
import io.faultline.memory.PageTable;
import io.faultline.userfault.FaultKind;
import io.faultline.userfault.UserfaultEvents;
import io.faultline.userfault.UserfaultMessages;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MemslotLedgerTest {
    private static final long HVA = 1L << 40;
    private static final long FIRST_PAGE = 1_000;
    private static final int PAGES = 64;

    private final MemslotPages slot = new MemslotPages(5, FIRST_PAGE, PAGES, HVA, PageSize.SIZE_4K);
    private final PageTable hva = new PageTable();
    private final FaultCounters counters = new FaultCounters();
    private final BitSet removed = new BitSet();
    private final List<Long> woken = new ArrayList<>();
    private final UserfaultMessages messages = new UserfaultMessages(256);
    private MemslotLedger ledger = new MemslotLedger(slot, hva, removed, counters, 0, 0);

    private void fault(int index, FaultKind kind, boolean write) {
        messages.addFault(slot.hvaOf(index), kind.messageFlags(write), 0, 10L + index);
    }

    private void missing(int index) {
        fault(index, FaultKind.MISSING, false);
    }

    private void removeEvent(long start, long end) {
        messages.addEvent(UserfaultEvents.REMOVE, start, end, 0);
    }

    private @Nullable PageBatch takeUp() {
        PageBatch batch = ledger.takeUp(messages, woken::add);
        messages.clear();
        return batch;
    }

    private PageBatch taken() {
        PageBatch batch = takeUp();
        if (batch == null) {
            throw new AssertionError("nothing was taken up");
        }
        return batch;
    }

    private void present(int index, long flags) {
        hva.set(slot.hvaOf(index), PageSize.SIZE_4K, Entry.of(index + 1, PageSize.SIZE_4K, flags));
    }

    private static List<Long> pages(PageBatch batch) {
        List<Long> pages = new ArrayList<>();
        for (int index = 0; index < batch.count(); index++) {
            pages.add(batch.page(index));
        }
        return pages;
    }

    @Test
    void shouldAskOnceForAPageHoweverManyWait() {
        missing(3);
        fault(3, FaultKind.MISSING, true);
        missing(3);
        missing(4);

        PageBatch batch = taken();
        missing(3);

        assertThat(pages(batch)).containsExactly(FIRST_PAGE + 3, FIRST_PAGE + 4);
        assertThat(batch.memslot()).isEqualTo(5);
        assertThat(batch.raisedNanos(0)).isEqualTo(13);
        assertThat(takeUp()).isNull();
        assertThat(counters.coalesced.sum()).isEqualTo(3);
        assertThat(counters.missing.sum()).isEqualTo(2);
        assertThat(ledger.pendingPages()).isEqualTo(2);
    }

    @Test
    void shouldWakeInsteadOfAskingWhenTheMessageIsStale() {
        present(1, Entry.WRITABLE);
        hva.set(slot.hvaOf(2), PageSize.SIZE_4K, Entry.POISON);
        present(3, Entry.WRITABLE);
        missing(1);
        fault(1, FaultKind.MINOR, false);
        missing(2);
        fault(3, FaultKind.WRITE_PROTECT, true);

        assertThat(takeUp()).isNull();

        assertThat(woken).containsExactly(FIRST_PAGE + 1, FIRST_PAGE + 1, FIRST_PAGE + 2, FIRST_PAGE + 3);
        assertThat(ledger.pendingPages()).isZero();
    }

    @Test
    void shouldAskForAWriteToAPageThatIsStillProtectedOrHasGone() {
        present(1, Entry.UFFD_WP);
        fault(1, FaultKind.WRITE_PROTECT, true);
        fault(2, FaultKind.WRITE_PROTECT, true);

        PageBatch batch = taken();

        assertThat(pages(batch)).containsExactly(FIRST_PAGE + 1, FIRST_PAGE + 2);
        assertThat(batch.kind(0)).isEqualTo(FaultKind.WRITE_PROTECT);
        assertThat(counters.writeProtect.sum()).isEqualTo(2);
        assertThat(woken).isEmpty();
    }

    @Test
    void shouldReserveThePagesBehindAMissingOne() {
        ledger = new MemslotLedger(slot, hva, removed, counters, 4, 0);
        present(12, Entry.WRITABLE);
        removed.set(13);
        missing(14);
        missing(10);

        PageBatch batch = taken();
        missing(11);

        assertThat(pages(batch)).containsExactly(FIRST_PAGE + 14, FIRST_PAGE + 15, FIRST_PAGE + 16, FIRST_PAGE + 17,
                FIRST_PAGE + 18, FIRST_PAGE + 10, FIRST_PAGE + 11);
        assertThat(takeUp()).as("a fault on a reserved page").isNull();
        assertThat(counters.missing.sum()).as("prefetched pages are no faults").isEqualTo(2);
        assertThat(counters.coalesced.sum()).isEqualTo(1);
    }

    @Test
    void shouldReserveNothingBehindItsEndOrBehindAMinorFault() {
        ledger = new MemslotLedger(slot, hva, removed, counters, Integer.MAX_VALUE, 0);
        missing(PAGES - 2);
        fault(0, FaultKind.MINOR, false);

        assertThat(pages(taken())).containsExactly(FIRST_PAGE + PAGES - 2, FIRST_PAGE + PAGES - 1, FIRST_PAGE);
    }

    @Test
    void shouldTellEachAttemptFromTheOneBefore() {
        missing(7);
        long first = taken().attempt(0);

        PageBatch again = ledger.reissue(FIRST_PAGE + 7, FaultKind.MISSING, null);

        assertThat(again.attempt(0)).isGreaterThan(first);
        assertThat(ledger.isCurrent(FIRST_PAGE + 7, first)).isFalse();
        assertThat(ledger.isCurrent(FIRST_PAGE + 7, again.attempt(0))).isTrue();
        assertThat(counters.retried.sum()).isEqualTo(1);
        ledger.finish(FIRST_PAGE + 7);
        assertThat(ledger.isCurrent(FIRST_PAGE + 7, again.attempt(0))).isFalse();
    }

    @Test
    void shouldNeverTakeAnAttemptOfItsPredecessorForItsOwn() {
        missing(7);
        long before = taken().attempt(0);
        ledger = new MemslotLedger(slot, hva, removed, counters, 0, 1);
        missing(7);

        assertThat(taken().attempt(0)).isNotEqualTo(before);
        assertThat(ledger.isCurrent(FIRST_PAGE + 7, before)).isFalse();
    }

    @Test
    void shouldAskAgainForWhatWasReadBeforeARemovalAndSayThatItWasRemoved() {
        fault(7, FaultKind.WRITE_PROTECT, true);
        missing(9);
        PageBatch before = taken();
        removeEvent(slot.hvaOf(5), slot.hvaOf(8));

        PageBatch after = taken();

        assertThat(before.removed(0)).isFalse();
        assertThat(pages(after)).containsExactly(FIRST_PAGE + 7);
        assertThat(after.removed(0)).isTrue();
        assertThat(after.kind(0)).as("nothing is left to un-protect").isEqualTo(FaultKind.MISSING);
        assertThat(after.write(0)).isTrue();
        assertThat(after.raisedNanos(0)).isEqualTo(17);
        assertThat(ledger.isCurrent(FIRST_PAGE + 7, before.attempt(0))).isFalse();
        assertThat(ledger.isCurrent(FIRST_PAGE + 9, before.attempt(1))).as("outside the range").isTrue();
    }

    @Test
    void shouldRememberThatAPageWasRemovedUntilItIsPresentAgainAlsoBeyondItsOwnDeath() {
        removeEvent(slot.hvaOf(5), slot.hvaOf(8));
        assertThat(takeUp()).isNull();
        ledger = new MemslotLedger(slot, hva, removed, counters, 0, 1);
        missing(6);

        assertThat(taken().removed(0)).isTrue();
        ledger.finish(FIRST_PAGE + 6); // by an un-protection that found nothing
        missing(6);
        assertThat(taken().removed(0)).isTrue();
        present(6, Entry.WRITABLE);
        ledger.finish(FIRST_PAGE + 6);
        hva.exchange(slot.hvaOf(6), PageSize.SIZE_4K, Entry.NONE);
        missing(6);
        assertThat(taken().removed(0)).isFalse();
    }

    @Test
    void shouldTakeOnlyItsOwnPartOfARemoval() {
        removeEvent(HVA - 10 * 4096, slot.hvaOf(2));
        removeEvent(slot.hvaOf(62), slot.hvaEnd() + 10 * 4096);
        removeEvent(slot.hvaEnd(), slot.hvaEnd() + 4096);

        assertThat(takeUp()).isNull();

        assertThat(removed.stream()).containsExactly(0, 1, 62, 63);
    }

    @Test
    void shouldAskAgainForEverythingOnItsWay() {
        missing(1);
        fault(2, FaultKind.MINOR, true);
        missing(3);
        PageBatch first = taken();
        ledger.finish(FIRST_PAGE + 3);

        PageBatch again = ledger.reissueAll();

        assertThat(again).isNotNull();
        assertThat(pages(again)).containsExactlyInAnyOrder(FIRST_PAGE + 1, FIRST_PAGE + 2);
        for (int index = 0; index < again.count(); index++) {
            assertThat(ledger.isCurrent(again.page(index), again.attempt(index))).isTrue();
            boolean minor = again.page(index) == FIRST_PAGE + 2;
            assertThat(again.kind(index)).isEqualTo(minor ? FaultKind.MINOR : FaultKind.MISSING);
            assertThat(again.write(index)).isEqualTo(minor);
        }
        assertThat(ledger.isCurrent(FIRST_PAGE + 1, first.attempt(0))).isFalse();
        ledger.finish(FIRST_PAGE + 1);
        ledger.finish(FIRST_PAGE + 2);
        assertThat(ledger.reissueAll()).isNull();
    }
}
