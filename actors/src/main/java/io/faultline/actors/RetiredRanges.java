package io.faultline.actors;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

import io.faultline.flush.ChangeKind;
import io.faultline.flush.FlushRequest;
import io.faultline.ring.QuarantinedFrames;
import io.faultline.staging.StagingRange;
import io.faultline.world.Outbox;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * The staging ranges of fetchers that died. What they had received and no memslot has moved is unmapped when no memslot
 * moves from there any more, and the range is used again when that was flushed. Belongs to the address space's owner.
 */
final class RetiredRanges {
    private record Retired(StagingRange range, BitSet holders, QuarantinedFrames frames) {}

    private final MachineParts parts;
    private final ActorRef<AddressSpaceOwner.Command> owner;
    private final List<Retired> ranges = new ArrayList<>();

    RetiredRanges(MachineParts parts, ActorRef<AddressSpaceOwner.Command> owner) {
        this.parts = parts;
        this.owner = owner;
    }

    /** A fetcher died that received into a range; every memslot is told, and lets go of it. */
    void add(StagingRange range) {
        BitSet holders = new BitSet();
        holders.set(0, parts.spec().memslots());
        ranges.add(new Retired(range, holders, new QuarantinedFrames(parts.frames())));
    }

    /** A memslot moves nothing from a range any more. */
    void letGo(int memslot, StagingRange range, Outbox out) {
        for (Retired retired : ranges) {
            if (retired.range().equals(range)) {
                letGo(memslot, retired, out);
            }
        }
    }

    /** A memslot was replaced: the new one has nothing to move. */
    void memslotReplaced(int memslot, Outbox out) {
        ranges.forEach(retired -> letGo(memslot, retired, out));
    }

    private void letGo(int memslot, Retired retired, Outbox out) {
        boolean held = retired.holders().get(memslot);
        retired.holders().clear(memslot);
        if (held && retired.holders().isEmpty()) {
            unmap(retired, out);
        }
    }

    private void unmap(Retired retired, Outbox out) {
        StagingRange range = retired.range();
        parts.flushDomain().space(MachineParts.HOST_ASID).changeBegins();
        long begunSequence = parts.oracle().changeBegins();
        QuarantineScope.collect(retired.frames(), () -> parts.giveBack(range.hva(), range.bytes()));
        long basePages = retired.frames().basePages();
        long sequence = basePages == 0
                ? parts.oracle().sequence()
                : parts.oracle().changed(MachineParts.HOST_ASID, range.hva(), range.end(), begunSequence);
        FlushRequest change = FlushRequest
                .of(TlbShootdown.UNNUMBERED, MachineParts.HOST_ASID, ChangeKind.UNMAP, range.hva(), range.end())
                .strideShift(range.pageSize().shift())
                .pagesPresent(basePages / range.pageSize().basePages())
                .framesFreed(basePages)
                .changed(sequence, parts.world().clock().nanos())
                .build();
        out.tell(parts.shootdown(), new TlbShootdown.Flush(change, null, null,
                new FlushAnswer<>(owner, new AddressSpaceOwner.RangeReleased(range))));
    }

    /** The flush of a range is released. */
    void released(StagingRange range) {
        for (Retired retired : ranges) {
            if (retired.range().equals(range)) {
                retired.frames().end();
            }
        }
        ranges.removeIf(retired -> retired.range().equals(range));
        parts.staging().giveBack(range);
    }
}
