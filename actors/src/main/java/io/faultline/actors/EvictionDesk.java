package io.faultline.actors;

import java.util.Arrays;

import io.faultline.machine.MachineSpec;
import io.faultline.memory.Entry;
import io.faultline.memory.PageBuffer;
import io.faultline.memory.PageSize;
import io.faultline.memory.PageTable;
import io.faultline.ring.ClockHand;
import io.faultline.ring.EvictionBatch;
import io.faultline.ring.EvictionBatch.Phase;
import io.faultline.ring.EvictionState;
import io.faultline.ring.MemslotLedger;
import io.faultline.ring.MemslotPages;
import io.faultline.ring.PageHold;
import io.faultline.ring.QuarantinedPages;
import io.faultline.world.Outbox;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Where a memslot evicts, one batch at a time: write-protect, flush, take the contents and save, unmap, flush, frames
 * back. Any other order loses writes: a CPU with a stale writable translation would write after the save. The first flush
 * has to be over before the save; the second the policy may put off, and the next batch begins when it is complete,
 * whenever its frames come back ({@link QuarantinedPages}). In a machine that moves pages: move out, flush, take the
 * contents and save, frames back; a page that is faulted on meanwhile is moved back. Belongs to the memslot.
 */
final class EvictionDesk {
    private static final int MOST_PAGES = 512;

    private final MachineParts parts;
    private final MemslotParts own;
    private final MemslotPages pages;
    private final MemslotLedger ledger;
    private final ActorRef<Memslot.Command> self;
    private final ClockHand clock;
    private final long limitPages;
    private final int batchPages;
    private final EvictionState state;
    private final WayOut wayOut;
    private long residentPages;

    /**
     * @param self
     *            the memslot, which tells {@link #onFlushed} what the shootdown says
     */
    EvictionDesk(MachineParts parts, MemslotParts own, MemslotLedger ledger, ActorRef<Memslot.Command> self) {
        this.parts = parts;
        this.own = own;
        this.pages = own.pages();
        this.ledger = ledger;
        this.state = own.eviction();
        this.wayOut = parts.moves() && parts.spec().evicts()
                ? new MoveOut(parts, own)
                : new ProtectAndUnmap(parts, own);
        this.self = self;
        this.clock = new ClockHand(pages.pages());
        this.limitPages = limitPages(parts.spec(), pages.pages());
        this.batchPages = batchPages(limitPages);
        recount();
    }

    /**
     * Goes on where the memslot before this one died: what was not unmapped stays; what was is flushed once more, for that
     * one may not have asked for it, and nobody would hear that it is complete.
     */
    void takeOver() {
        EvictionBatch batch = state.current();
        if (batch == null) {
            return;
        }
        if (batch.phase() == Phase.UNMAPPING) {
            own.takenBack().begin();
            if (wayOut.keepsReachable()) {
                parts.shootdown().tell(dropAndFlush(batch));
            } else {
                QuarantineScope.collect(state.quarantined(), () -> drop(batch));
                parts.shootdown().tell(wayOut.flushBegun(batch, how -> answer(batch, how)));
            }
        } else {
            keepAll(batch);
            state.forgetSaveBuffer();
            state.current(null);
        }
    }

    /** How many of a memslot's pages may stay resident. */
    static long limitPages(MachineSpec spec, long slotPages) {
        return Math.max(1, slotPages * spec.evictAbovePercent() / 100);
    }

    /** How many pages leave together: many to a flush, but not so many that the rest is thrashed. */
    static int batchPages(long limitPages) {
        return Math.clamp(limitPages / 8, 1, MOST_PAGES);
    }

    /** Pages have become present. */
    void installed(int count) {
        residentPages += count;
    }

    /** Whether one more page may become present before some are out: frames that pages are moved in with are no limit. */
    boolean hasRoom() {
        return !parts.spec().evicts() || residentPages < limitPages + batchPages;
    }

    /** A page was written although it is on its way out: it stays. */
    void written(long page) {
        EvictionBatch batch = state.current();
        if (batch != null && batch.phase() != Phase.UNMAPPING) {
            keep(batch, page);
        }
    }

    /** Pages are about to be asked for, or protected: those on their way out come back, and stay. */
    void wanted(long firstPage, long count) {
        EvictionBatch batch = state.current();
        if (batch != null && batch.phase() != Phase.UNMAPPING && !wayOut.keepsReachable()) {
            for (int index = 0; index < batch.count(); index++) {
                long page = batch.page(index);
                if (page >= firstPage && page < firstPage + count) {
                    keep(batch, page);
                }
            }
        }
    }

    private void keep(EvictionBatch batch, long page) {
        int index = batch.indexOf(page);
        if (index >= 0) {
            wayOut.keep(batch, index);
        }
        batch.stay(page);
    }

    private void keepAll(EvictionBatch batch) {
        for (int index = 0; index < batch.count(); index++) {
            keep(batch, batch.page(index));
        }
    }

    /** Whether a page is unmapped and its flush not complete, so that CPUs may still read its old frame. */
    boolean isUnmapping(long page) {
        EvictionBatch batch = state.current();
        return batch != null && batch.phase() == Phase.UNMAPPING && batch.isLeaving(page);
    }

    /** The lease is about to be recalled: whatever is on its way out stays as it is. */
    void recalled() {
        EvictionBatch batch = state.current();
        if (batch != null && batch.phase() != Phase.UNMAPPING) {
            keepAll(batch);
        }
    }

    /** Begins anew to count what is resident, after others have changed it. */
    void recount() {
        residentPages = parts.space().hva().presentPages(pages.hvaStart(), pages.hvaEnd())
                / pages.pageSize().basePages();
    }

    /** Evicts when more is resident than should be and nothing is on its way out. */
    void beginIfNeeded(Outbox out) {
        if (!parts.spec().evicts() || state.current() != null || residentPages <= limitPages || !own.lease().isHeld()) {
            return;
        }
        int[] victims = new int[batchPages];
        int count = clock.take(this::isEvictable, this::testAndClearAccessed, victims);
        if (count > 0) {
            begin(new EvictionBatch(pages.memslot(), numbers(victims, count)), out);
        }
    }

    private long[] numbers(int[] victims, int count) {
        return Arrays.stream(victims, 0, count).mapToLong(pages::pageAt).toArray();
    }

    private boolean isEvictable(int index) {
        return Entry.isPresent(parts.space().hva().walk(pages.hvaOf(index))) && !ledger.isPending(index);
    }

    private boolean testAndClearAccessed(int index) {
        PageTable table = parts.secondStage();
        long gpa = pages.gpaOfPage(pages.pageAt(index));
        long entry = table.walk(gpa);
        if (!Entry.isPresent(entry) || !Entry.isAccessed(entry)) {
            return false;
        }
        // Not flushed, as Linux does on x86: a TLB hit sets no mark until the entry is filled again, which costs at worst
        // an eviction too early.
        PageSize size = Entry.size(entry);
        return Entry.isAccessed(table.clearBits(size.alignDown(gpa), size, Entry.ACCESSED | Entry.UNCACHED));
    }

    private void begin(EvictionBatch batch, Outbox out) {
        own.takenBack().begin();
        state.current(batch); // first: if this memslot dies now, its replacement lets all of them stay
        for (int index = 0; index < batch.count(); index++) {
            if (!wayOut.begin(batch, index)) {
                batch.stay(batch.page(index));
            }
        }
        out.tell(parts.shootdown(), wayOut.flushBegun(batch, how -> answer(batch, how)));
    }

    private FlushAnswer<Memslot.Command> answer(EvictionBatch batch, TlbShootdown.Flushed how) {
        return new FlushAnswer<>(self, new Memslot.EvictionFlushed(batch, how));
    }

    private TlbShootdown.Flush dropAndFlush(EvictionBatch batch) {
        PageHold hold = hold(batch);
        QuarantineScope.collect(hold.frames(), () -> drop(batch));
        return own.takenBack()
                .endUnmap(batch.startGpa(pages), batch.endGpa(pages), hold, pages.memslot(),
                        answer(batch, TlbShootdown.Flushed.COMPLETE));
    }

    /** What of the batch is kept from reuse; if the memslot dies now, its replacement adds to it what is still mapped. */
    private PageHold hold(EvictionBatch batch) {
        PageHold begun = state.hold();
        if (begun != null) {
            return begun;
        }
        PageHold hold = own.quarantined().begin(QuarantinedPages.KEPT);
        for (int index = 0; index < batch.count(); index++) {
            if (batch.isLeavingAt(index)) {
                own.quarantined().hold(hold, pages.indexOf(batch.page(index)), 1);
            }
        }
        state.hold(hold);
        return hold;
    }

    /**
     * A flush of the batch is further.
     *
     * @return whether pages that were held back may be installed now
     */
    boolean onFlushed(EvictionBatch batch, TlbShootdown.Flushed answer, Outbox out) {
        if (batch != state.current()) {
            return false; // it is given up, or was a dead memslot's
        }
        return switch (batch.phase()) {
            case PROTECTING -> {
                note(answer, batch);
                if (answer == wayOut.savesAfter()) {
                    save(batch, out);
                }
                yield false;
            }
            case SAVING -> {
                note(answer, batch);
                yield false;
            }
            case UNMAPPING -> answer == wayOut.endsAfter() && finish(out);
        };
    }

    private static void note(TlbShootdown.Flushed answer, EvictionBatch batch) {
        if (answer == TlbShootdown.Flushed.RELEASED) {
            batch.released();
        }
    }

    /** No CPU can write to the pages any more but through a fault that this memslot hears of: take what they hold. */
    private void save(EvictionBatch batch, Outbox out) {
        batch.phase(Phase.SAVING);
        if (batch.leavingCount() == 0) {
            end(out);
            return;
        }
        PageBuffer contents = state.saveBuffer(pages.pageSize(), batchPages, parts.isTokens());
        long basePages = pages.pageSize().basePages();
        for (int index = 0; index < batch.count(); index++) {
            if (batch.isLeavingAt(index)) {
                long frame = wayOut.frame(batch, index);
                parts.oracle().copied(frame, basePages);
                parts.oracle().cleaned(frame, basePages);
                parts.frames().contents().copyOut(frame, contents, Math.toIntExact(index * basePages), basePages);
            }
        }
        batch.contents(contents);
        out.tell(parts.saver(), new PageSaver.Save(batch));
    }

    /**
     * The pages are saved, those that could be: unmap what is still to leave.
     *
     * @return whether pages that were held back may be installed now
     */
    boolean onSaved(EvictionBatch batch, Outbox out) {
        if (batch != state.current()) {
            return false; // of a memslot that died before this one: its pages are still mapped, and stay
        }
        for (int index = 0; index < batch.count(); index++) {
            if (batch.isFailed(index)) {
                parts.counters().saveErrors.increment();
                keep(batch, batch.page(index));
            }
        }
        if (batch.leavingCount() == 0 || !own.lease().isHeld()) {
            keepAll(batch);
            end(out);
            return false;
        }
        batch.phase(Phase.UNMAPPING);
        tellDroppedAsClean(batch);
        parts.counters().evicted.add(batch.leavingCount());
        parts.world().trace(TraceKinds.EVICTED, batch.page(0), batch.leavingCount());
        if (wayOut.keepsReachable()) {
            own.takenBack().begin();
            out.tell(parts.shootdown(), dropAndFlush(batch));
            return false;
        }
        QuarantineScope.collect(state.quarantined(), () -> drop(batch));
        return batch.isReleased() && finish(out);
    }

    /** What was saved is all there is: nobody can have written to the pages since. */
    private void tellDroppedAsClean(EvictionBatch batch) {
        if (parts.oracle().isOn()) {
            for (int index = 0; index < batch.count(); index++) {
                if (batch.isLeavingAt(index) && parts.oracle().watches(pages.gpaOfPage(batch.page(index)))) {
                    parts.oracle().droppedAsClean(wayOut.frame(batch, index), pages.pageSize().basePages());
                }
            }
        }
    }

    private void drop(EvictionBatch batch) {
        for (int index = 0; index < batch.count(); index++) {
            if (batch.isLeavingAt(index)) {
                wayOut.drop(batch, index);
            }
        }
    }

    private boolean finish(Outbox out) {
        state.quarantined().end();
        state.hold(null);
        recount();
        end(out);
        return true;
    }

    private void end(Outbox out) {
        state.current(null);
        beginIfNeeded(out);
    }
}
