package io.faultline.actors;

import java.util.function.Function;

import io.faultline.memory.Entry;
import io.faultline.memory.Errno;
import io.faultline.ring.EvictionBatch;
import io.faultline.staging.StagingRange;
import io.faultline.userfault.IoctlResult;
import io.faultline.userfault.MemslotPort;
import io.faultline.userfault.UserfaultModes;

/**
 * Moves evicted pages out of the guest's memory, to a staging range of the memslot where they are saved from, and back when
 * they are to stay after all. No CPU ever translates an address of that range, so what leaves it leaves nothing to flush.
 * Belongs to the memslot.
 */
final class MoveOut implements WayOut {
    private final MachineParts parts;
    private final MemslotParts own;
    private final MemslotPort port;
    private final StagingRange range;

    MoveOut(MachineParts parts, MemslotParts own) {
        this.parts = parts;
        this.own = own;
        this.port = own.port();
        this.range = parts.staging().outRange(own.pages().memslot());
    }

    @Override
    public boolean begin(EvictionBatch batch, int index) {
        IoctlResult result = port.move(range.hvaOf(index), own.pages().hvaOfPage(batch.page(index)),
                range.pageSize().bytes(), UserfaultModes.MOVE_DONTWAKE);
        if (result.errno() == Errno.EAGAIN) {
            return false; // an event is unread: another time
        }
        check(result, batch, index);
        return true;
    }

    /** No policy may defer this one: the application could write through what is stale after the page was saved (R9). */
    @Override
    public TlbShootdown.Flush flushBegun(EvictionBatch batch, Function<TlbShootdown.Flushed, FlushAnswer<?>> answers) {
        long frames = batch.leavingCount() * range.pageSize().basePages();
        return own.takenBack().endMoveOut(batch.startGpa(own.pages()), batch.endGpa(own.pages()), frames, answers);
    }

    @Override
    public TlbShootdown.Flushed savesAfter() {
        return TlbShootdown.Flushed.COMPLETE;
    }

    @Override
    public TlbShootdown.Flushed endsAfter() {
        return TlbShootdown.Flushed.RELEASED;
    }

    /** Moves the page back: what it holds has not changed, for nobody could reach it. */
    @Override
    public void keep(EvictionBatch batch, int index) {
        if (isAway(index)) {
            check(port.move(own.pages().hvaOfPage(batch.page(index)), range.hvaOf(index), range.pageSize().bytes(),
                    UserfaultModes.MOVE_DONTWAKE), batch, index);
        }
    }

    private void check(IoctlResult result, EvictionBatch batch, int index) {
        if (!result.isOk()) {
            throw new IllegalStateException("moving page " + batch.page(index) + " of memslot " + own.pages().memslot()
                    + " out or back answered " + result);
        }
    }

    /** Whether the page was moved out, and neither back nor dropped. */
    private boolean isAway(int index) {
        return Entry.isPresent(parts.space().hva().walk(range.hvaOf(index)));
    }

    @Override
    public long frame(EvictionBatch batch, int index) {
        return Entry.frame(parts.space().hva().walk(range.hvaOf(index)));
    }

    @Override
    public void drop(EvictionBatch batch, int index) {
        if (isAway(index)) {
            parts.giveBack(range.hvaOf(index), range.pageSize().bytes());
        }
    }

    @Override
    public boolean keepsReachable() {
        return false;
    }
}
