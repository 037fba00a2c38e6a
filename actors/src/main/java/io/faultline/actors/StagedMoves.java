package io.faultline.actors;

import java.util.ArrayList;
import java.util.List;

import io.faultline.flush.ChangeKind;
import io.faultline.flush.Direction;
import io.faultline.flush.FlushRequest;
import io.faultline.memory.Entry;
import io.faultline.ring.PageBatch;
import io.faultline.world.Outbox;
import org.jspecify.annotations.Nullable;

/**
 * Turns each page that a memslot moves out of a fetcher's staging range into a flush request for the slot it left: the
 * memslot is told when the move is complete, the fetcher when it may receive there again. Outlives the memslot, so that a
 * move whose flush was not asked for yet when it died is flushed all the same. Not thread-safe: it belongs to the memslot.
 */
final class StagedMoves {
    private record Move(PageBatch batch, int index, long begunSequence) {}

    private final MachineParts parts;
    private final List<TlbShootdown.Flush> unsent = new ArrayList<>();
    private @Nullable Move current;

    StagedMoves(MachineParts parts) {
        this.parts = parts;
    }

    /** Begins a move, before its first entry is written. */
    void begin(PageBatch batch, int index) {
        assert current == null : "moves do not nest";
        parts.flushDomain().space(MachineParts.HOST_ASID).changeBegins();
        current = new Move(batch, index, parts.oracle().changeBegins());
    }

    /** The move was refused, and nothing has changed. */
    void cancel() {
        current = null;
        parts.flushDomain().space(MachineParts.HOST_ASID).changeEnds();
    }

    /** The page was moved. */
    void moved() {
        Move move = current;
        if (move == null) {
            throw new IllegalStateException("no move was begun");
        }
        current = null;
        unsent.add(flush(move.batch(), move.index(), move.begunSequence()));
        move.batch().moved(move.index());
    }

    private TlbShootdown.Flush flush(PageBatch batch, int index, long begunSequence) {
        long start = batch.stagedHva(index, parts.spec().pageSize());
        long end = start + parts.spec().pageSize().bytes();
        long sequence = parts.oracle().moved(MachineParts.HOST_ASID, start, end, Direction.INTO_APP, begunSequence);
        FlushRequest change = FlushRequest
                .of(TlbShootdown.UNNUMBERED, MachineParts.HOST_ASID, ChangeKind.MOVE, start, end)
                .direction(Direction.INTO_APP)
                .strideShift(parts.spec().pageSize().shift())
                .changed(sequence, parts.world().clock().nanos())
                .build();
        return new TlbShootdown.Flush(change, null,
                new FlushAnswer<>(parts.memslots().get(batch.memslot()), new Memslot.MoveFlushed(batch, index)),
                new FlushAnswer<>(parts.fetchers().get(batch.fetcher()),
                        new PageFetcher.SlotReleased(batch, batch.slot(index))));
    }

    /** Asks for the flushes of what was moved since the last time. */
    void send(Outbox out) {
        unsent.forEach(flush -> out.tell(parts.shootdown(), flush));
        unsent.clear();
    }

    /** Asks for those that the memslot which died did not ask for. */
    void takeOver() {
        Move move = current;
        if (move != null) {
            boolean left = !Entry.isPresent(
                    parts.space().hva().walk(move.batch().stagedHva(move.index(), parts.spec().pageSize())));
            if (left) {
                moved();
            } else {
                cancel();
            }
        }
        unsent.forEach(parts.shootdown()::tell);
        unsent.clear();
    }
}
