package io.faultline.actors;

import java.util.function.Function;

import io.faultline.flush.ChangeKind;
import io.faultline.flush.Direction;
import io.faultline.flush.FlushRequest;
import io.faultline.flush.FlushRequestBuilder;
import io.faultline.memslot.FoundPages;
import io.faultline.memslot.SecondStageObserver;
import io.faultline.ring.PageHold;
import io.faultline.space.MappingChange;
import org.jspecify.annotations.Nullable;

/**
 * Gathers what one operation takes back from a memslot's second stage, so that one flush request covers it. Not
 * thread-safe: it belongs to the writer of the second stage (the memslot, or the address space while it has the lease).
 */
final class TakenBack implements SecondStageObserver {
    private final MachineParts parts;
    private boolean collecting;
    private boolean carriedOver;
    private long start;
    private long end;
    private long presentBasePages;
    private long cachedBasePages;
    private long writableBasePages;
    private long begunSequence;
    private long changeSequence;

    TakenBack(MachineParts parts) {
        this.parts = parts;
    }

    /** Begins an operation, before its first entry is written. */
    void begin() {
        assert !collecting : "operations on one memslot do not nest";
        begunSequence = parts.oracle().changeBegins();
        if (carriedOver) {
            carriedOver = false;
            collecting = true;
            return;
        }
        parts.flushDomain().space(MachineParts.GUEST_ASID).changeBegins();
        collecting = true;
        start = Long.MAX_VALUE;
        end = 0;
        presentBasePages = 0;
        cachedBasePages = 0;
        writableBasePages = 0;
        changeSequence = 0;
    }

    @Override
    public void takenBack(MappingChange kind, long gpaStart, long gpaEnd, FoundPages found) {
        assert collecting : kind + " took pages back outside any operation that flushes";
        start = Math.min(start, gpaStart);
        end = Math.max(end, gpaEnd);
        presentBasePages += found.present();
        cachedBasePages += found.cached();
        writableBasePages += found.writable();
        if (found.present() > 0) {
            changeSequence = parts.oracle().changed(MachineParts.GUEST_ASID, gpaStart, gpaEnd, begunSequence);
        }
    }

    /** Ends the operation without flushing: it was refused, and nothing has changed. */
    void cancel() {
        assert collecting : "no operation was begun";
        collecting = false;
        if (end != 0) { // of an operation that was broken off before this one
            carriedOver = true;
            return;
        }
        parts.flushDomain().space(MachineParts.GUEST_ASID).changeEnds();
    }

    /** An operation was broken off by the death of whoever made it: the next one's flush covers what it has changed. */
    void breakOff() {
        carriedOver |= collecting;
        collecting = false;
    }

    /**
     * Ends an operation that took permissions away, and says what to flush: synchronous, because somebody is to see no write
     * any more. Flushed also when nothing was found present: somebody else's flush of the same pages may still be on its
     * way (Linux 99baac21e458).
     *
     * @param gpaStart
     *            first byte the operation was about
     * @param gpaEnd
     *            byte after the last
     */
    TlbShootdown.Flush endProtect(long gpaStart, long gpaEnd,
            Function<TlbShootdown.Flushed, FlushAnswer<?>> answers) {
        return flush(change(ChangeKind.PROTECT, gpaStart, gpaEnd).synchronous(), answers);
    }

    /**
     * The same of an operation that unmapped pages, which the policy may put off: what they held is given up or saved, and
     * nothing is installed in their place, nor their frames reused, until the release.
     *
     * @param hold
     *            what is kept from reuse
     * @param memslot
     *            whose replacement, if need be, ends the hold
     */
    TlbShootdown.Flush endUnmap(long gpaStart, long gpaEnd, PageHold hold, int memslot,
            @Nullable FlushAnswer<?> atComplete) {
        return new TlbShootdown.Flush(
                change(ChangeKind.UNMAP, gpaStart, gpaEnd).framesFreed(hold.frames().basePages()).build(), hold,
                atComplete, new FlushAnswer<>(() -> parts.memslots().get(memslot), Memslot.UnmapReleased.INSTANCE));
    }

    /**
     * The same of an operation that moved pages out of the guest's memory. No policy may put that one off, and each has to
     * know it: the application could write through what is stale after the page was saved (R9).
     */
    TlbShootdown.Flush endMoveOut(long gpaStart, long gpaEnd, long basePages,
            Function<TlbShootdown.Flushed, FlushAnswer<?>> answers) {
        return flush(change(ChangeKind.MOVE, gpaStart, gpaEnd).direction(Direction.OUT_OF_APP).framesFreed(basePages),
                answers);
    }

    private static TlbShootdown.Flush flush(FlushRequestBuilder change,
            Function<TlbShootdown.Flushed, FlushAnswer<?>> answers) {
        return new TlbShootdown.Flush(change.build(), null, answers.apply(TlbShootdown.Flushed.COMPLETE),
                answers.apply(TlbShootdown.Flushed.RELEASED));
    }

    private FlushRequestBuilder change(ChangeKind kind, long gpaStart, long gpaEnd) {
        assert collecting : "no operation was begun";
        collecting = false;
        // A change of nothing makes no translation stale; it is flushed as of what has happened until now.
        long sequence = changeSequence == 0 ? parts.oracle().sequence() : changeSequence;
        long basePages = parts.spec().pageSize().basePages();
        return FlushRequest
                .of(TlbShootdown.UNNUMBERED, MachineParts.GUEST_ASID, kind, Math.min(start, gpaStart),
                        Math.max(end, gpaEnd))
                .strideShift(parts.spec().pageSize().shift())
                .pagesPresent(Math.ceilDiv(presentBasePages, basePages))
                .pagesAccessed(Math.ceilDiv(cachedBasePages, basePages))
                .pagesWritable(Math.ceilDiv(writableBasePages, basePages))
                .changed(sequence, parts.world().clock().nanos());
    }
}
