package io.faultline.actors;

import io.faultline.memory.Entry;
import io.faultline.memory.Errno;
import io.faultline.ring.EvictionBatch;
import io.faultline.staging.StagingRange;
import io.faultline.userfault.IoctlResult;
import io.faultline.userfault.SimulatedUserfaultPort;
import io.faultline.userfault.UserfaultModes;

/**
 * Moves evicted pages out of the guest's memory, to a staging range of the memslot where they are saved from, and back when
 * they are to stay after all. No CPU ever translates an address of that range, so what leaves it leaves nothing to flush.
 * Belongs to the memslot.
 */
final class OutMoves {
    private final MachineParts parts;
    private final MemslotParts own;
    private final SimulatedUserfaultPort port;
    private final StagingRange range;

    OutMoves(MachineParts parts, MemslotParts own) {
        this.parts = parts;
        this.own = own;
        this.port = own.port();
        this.range = parts.staging().outRange(own.pages().memslot());
    }

    /** Moves page {@code index} of a batch out; false when it has to stay for now. */
    boolean takeAway(EvictionBatch batch, int index) {
        IoctlResult result = port.move(range.hvaOf(index), own.pages().hvaOfPage(batch.page(index)),
                range.pageSize().bytes(), UserfaultModes.MOVE_DONTWAKE);
        if (result.errno() == Errno.EAGAIN) {
            return false; // an event is unread: another time
        }
        check(result, batch, index);
        return true;
    }

    /** Moves page {@code index} of a batch back: what it holds has not changed, for nobody could reach it. */
    void bringBack(EvictionBatch batch, int index) {
        check(port.move(own.pages().hvaOfPage(batch.page(index)), range.hvaOf(index), range.pageSize().bytes(),
                UserfaultModes.MOVE_DONTWAKE), batch, index);
    }

    private void check(IoctlResult result, EvictionBatch batch, int index) {
        if (!result.isOk()) {
            throw new IllegalStateException("moving page " + batch.page(index) + " of memslot " + own.pages().memslot()
                    + " out or back answered " + result);
        }
    }

    /** Whether page {@code index} of a batch was moved out, and neither back nor dropped. */
    boolean isAway(int index) {
        return Entry.isPresent(parts.space().hva().walk(range.hvaOf(index)));
    }

    /** The frame of page {@code index} of a batch that was moved out. */
    long frame(int index) {
        return Entry.frame(parts.space().hva().walk(range.hvaOf(index)));
    }

    /** Drops page {@code index} of a batch: it is saved. */
    void drop(int index) {
        parts.giveBack(range.hvaOf(index), range.pageSize().bytes());
    }
}
