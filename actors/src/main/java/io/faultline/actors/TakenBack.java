package io.faultline.actors;

import io.faultline.flush.ChangeKind;
import io.faultline.flush.Direction;
import io.faultline.space.MappingChange;
import io.faultline.space.MappingObserver;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Gathers what one operation takes back from a memslot's second stage, so that one flush request covers it. Not
 * thread-safe: it belongs to the writer of the second stage (the memslot, or the address space while it has the lease).
 */
final class TakenBack implements MappingObserver {
    private final MachineParts parts;
    private boolean collecting;
    private boolean carriedOver;
    private long start;
    private long end;
    private long presentBasePages;
    private long changeSequence;

    TakenBack(MachineParts parts) {
        this.parts = parts;
    }

    /** Begins an operation, before its first entry is written. */
    void begin() {
        assert !collecting : "operations on one memslot do not nest";
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
        changeSequence = 0;
    }

    @Override
    public void changed(MappingChange kind, long gpaStart, long gpaEnd, long pagesFoundPresent) {
        assert collecting : kind + " took pages back outside any operation that flushes";
        start = Math.min(start, gpaStart);
        end = Math.max(end, gpaEnd);
        presentBasePages += pagesFoundPresent;
        if (pagesFoundPresent > 0) {
            changeSequence = parts.oracle().changed(MachineParts.GUEST_ASID, gpaStart, gpaEnd);
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
     * Ends the operation and says what to flush, also when nothing was found present: somebody else's flush of the same
     * pages may still be on its way (Linux 99baac21e458).
     *
     * @param gpaStart
     *            first byte the operation was about
     * @param gpaEnd
     *            byte after the last
     */
    TlbShootdown.Flush end(ChangeKind kind, long gpaStart, long gpaEnd, long framesFreed,
            ActorRef<TlbShootdown.Flushed> replyTo) {
        return flush(kind, Direction.NONE, gpaStart, gpaEnd, framesFreed, true, replyTo);
    }

    /** The same of an operation that moved pages out of the guest's memory; the policy knows what it may not defer. */
    TlbShootdown.Flush endMoveOut(long gpaStart, long gpaEnd, long basePages, ActorRef<TlbShootdown.Flushed> replyTo) {
        return flush(ChangeKind.MOVE, Direction.OUT_OF_APP, gpaStart, gpaEnd, basePages, false, replyTo);
    }

    private TlbShootdown.Flush flush(ChangeKind kind, Direction direction, long gpaStart, long gpaEnd,
            long framesFreed, boolean synchronous, ActorRef<TlbShootdown.Flushed> replyTo) {
        assert collecting : "no operation was begun";
        collecting = false;
        // A change of nothing makes no translation stale; it is flushed as of what has happened until now.
        long sequence = changeSequence == 0 ? parts.oracle().sequence() : changeSequence;
        long basePages = parts.spec().pageSize().basePages();
        return new TlbShootdown.Flush(MachineParts.GUEST_ASID, kind, direction, Math.min(start, gpaStart),
                Math.max(end, gpaEnd),
                parts.spec().pageSize().shift(), Math.ceilDiv(presentBasePages, basePages), framesFreed, synchronous,
                sequence, parts.world().clock().nanos(), new FlushAnswer<>(replyTo, TlbShootdown.Flushed.COMPLETE),
                new FlushAnswer<>(replyTo, TlbShootdown.Flushed.RELEASED));
    }
}
