package io.faultline.ring;

import java.util.BitSet;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;

import io.faultline.memory.Entry;
import io.faultline.memory.PageTable;
import io.faultline.userfault.FaultKind;
import io.faultline.userfault.UserfaultMessages;
import org.jspecify.annotations.Nullable;

/**
 * What a memslot knows beyond its page tables: which pages are on their way, by which attempt, and which were given back.
 * It turns what the port reports into batches for a handler, one fetch a page however many wait for it, and tells late
 * answers from those it still wants.
 *
 * <p>
 * Not thread-safe: the memslot owns it.
 */
public class MemslotLedger {
    private final MemslotPages slot;
    private final PageTable hva;
    private final FaultCounters counters;
    private final int prefetchPages;
    private final PendingPages pending = new PendingPages();
    private final BitSet removed;
    private long lastAttempt;
    /** Of the messages being taken up, handed on when they are. */
    private int coalesced;
    private int missing;

    /**
     * @param slot
     *            which pages it is about
     * @param hva
     *            the host page table that tells what is present
     * @param removed
     *            by index, the pages that were given back and not made present since: it outlives this ledger
     * @param counters
     *            told of faults by kind and of those that join others
     * @param prefetchPages
     *            how many absent pages behind a missing one to fetch with it
     * @param incarnation
     *            how many memslots there were before at this index, so that attempts of theirs are never taken for ours
     */
    public MemslotLedger(MemslotPages slot, PageTable hva, BitSet removed, FaultCounters counters, int prefetchPages,
            int incarnation) {
        this.slot = slot;
        this.hva = hva;
        this.removed = removed;
        this.counters = counters;
        this.prefetchPages = prefetchPages;
        this.lastAttempt = (long) incarnation << 48;
    }

    /** Pages on their way. */
    public int pendingPages() {
        return pending.size();
    }

    /**
     * Takes up what the port reported.
     *
     * @param messages
     *            what was read from the port
     * @param wake
     *            is given each page whose fault is over already: its waiters are to be woken, in case there are any
     * @return the pages a handler has to decide about, or null
     */
    public @Nullable PageBatch takeUp(UserfaultMessages messages, LongConsumer wake) {
        PageBatch batch = null;
        for (int index = 0; index < messages.count(); index++) {
            if (messages.isFault(index)) {
                batch = onFault(messages, index, wake, batch);
            } else {
                batch = onEvent(messages, index, batch);
            }
        }
        handOnCounts();
        return batch;
    }

    private void handOnCounts() {
        addTo(counters.coalesced, coalesced);
        addTo(counters.missing, missing);
        coalesced = 0;
        missing = 0;
    }

    private static void addTo(LongAdder counter, int count) {
        if (count > 0) {
            counter.add(count);
        }
    }

    private @Nullable PageBatch onFault(UserfaultMessages messages, int index, LongConsumer wake,
            @Nullable PageBatch batch) {
        long address = messages.address(index);
        int page = slot.indexOfHva(address);
        FaultKind kind = messages.kind(index);
        if (pending.find(page) >= 0) {
            coalesced++;
            return batch;
        }
        if (isOver(kind, hva.walk(address))) {
            wake.accept(slot.pageAt(page)); // read after the install that resolved it: the message is stale
            return batch;
        }
        count(kind);
        PageBatch target = batch == null ? slot.newBatch(messages.count()) : batch;
        begin(target, page, kind, messages.isWrite(index), messages.raisedNanos(index));
        if (kind == FaultKind.MISSING) {
            prefetchBehind(target, page, messages.raisedNanos(index));
        }
        return target;
    }

    private static boolean isOver(FaultKind kind, long entry) {
        return switch (kind) {
            case MISSING, MINOR -> Entry.isPresent(entry) || Entry.isPoison(entry);
            case WRITE_PROTECT -> Entry.isPresent(entry) && !Entry.isUffdWp(entry);
        };
    }

    private void count(FaultKind kind) {
        switch (kind) {
            case MISSING -> missing++;
            case MINOR -> counters.minor.increment();
            case WRITE_PROTECT -> counters.writeProtect.increment();
        }
    }

    private void begin(PageBatch batch, int page, FaultKind kind, boolean write, long raisedNanos) {
        long attempt = ++lastAttempt;
        pending.add(page, attempt, kind, write, raisedNanos);
        batch.add(slot.pageAt(page), attempt, kind, write, removed.get(page), raisedNanos);
    }

    private void prefetchBehind(PageBatch batch, int page, long raisedNanos) {
        int last = (int) Math.min((long) page + prefetchPages, slot.pages() - 1L);
        for (int next = page + 1; next <= last; next++) {
            boolean absent = pending.find(next) < 0 && !removed.get(next)
                    && hva.walk(slot.hvaOf(next)) == Entry.NONE;
            if (absent) {
                begin(batch, next, FaultKind.MISSING, false, raisedNanos);
            }
        }
    }

    private @Nullable PageBatch onEvent(UserfaultMessages messages, int index, @Nullable PageBatch batch) {
        long start = Math.max(messages.start(index), slot.hvaStart());
        long end = Math.min(messages.end(index), slot.hvaEnd());
        if (start >= end) {
            return batch;
        }
        int first = slot.indexOfHva(start);
        int last = slot.indexOfHva(end - 1);
        removed.set(first, last + 1);
        PageBatch target = batch;
        for (int page = first; page <= last && pending.size() > 0; page++) {
            int position = pending.find(page);
            if (position >= 0) { // what is on its way was read before the removal
                target = reissue(position, FaultKind.MISSING, target);
            }
        }
        return target;
    }

    /** Whether a page, by its index within the memslot, is on its way. */
    public boolean isPending(int index) {
        return pending.find(index) >= 0;
    }

    /** Whether the host maps the page. */
    public boolean isPresent(long page) {
        return Entry.isPresent(hva.walk(slot.hvaOf(slot.indexOf(page))));
    }

    /** Whether this attempt is the one still wanted for the page. */
    public boolean isCurrent(long page, long attempt) {
        return positionIfCurrent(page, attempt) >= 0;
    }

    private int positionIfCurrent(long page, long attempt) {
        int position = pending.find(slot.indexOf(page));
        return position >= 0 && pending.attempt(position) == attempt ? position : -1;
    }

    /**
     * The page is done with: made present, or given up. It stays removed until something is there again: an un-protection
     * that was decided while a discard was under way finds nothing, and must not have the source's bytes come back.
     */
    public void finish(long page) {
        int index = slot.indexOf(page);
        pending.remove(pending.find(index));
        if (Entry.isPresent(hva.walk(slot.hvaOf(index)))) {
            removed.clear(index);
        }
    }

    /**
     * Begins a new attempt for a page whose last one turned out not to work, as a fault of {@code kind}.
     *
     * @param batch
     *            takes the page; null makes a new one
     * @return the batch
     */
    public PageBatch reissue(long page, FaultKind kind, @Nullable PageBatch batch) {
        return reissue(pending.find(slot.indexOf(page)), kind, batch);
    }

    private PageBatch reissue(int position, FaultKind kind, @Nullable PageBatch batch) {
        int page = pending.page(position);
        long attempt = ++lastAttempt;
        pending.attempt(position, attempt);
        pending.kind(position, kind);
        counters.retried.increment();
        PageBatch target = batch == null ? slot.newBatch(1) : batch;
        target.add(slot.pageAt(page), attempt, kind, pending.write(position), removed.get(page),
                pending.raisedNanos(position));
        return target;
    }

    /** Begins a new attempt for every page on its way: somebody who had some of them was replaced. */
    public @Nullable PageBatch reissueAll() {
        PageBatch batch = null;
        for (int position = 0; position < pending.capacity(); position++) {
            if (pending.isOccupied(position)) {
                batch = reissue(position, pending.kind(position), batch);
            }
        }
        return batch;
    }
}
