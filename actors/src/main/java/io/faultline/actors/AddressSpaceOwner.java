package io.faultline.actors;

import java.util.ArrayDeque;
import java.util.BitSet;

import io.faultline.ring.MemslotPages;
import io.faultline.ring.PageHold;
import io.faultline.ring.QuarantinedPages;
import io.faultline.staging.StagingRange;
import io.faultline.world.Lane;
import io.faultline.world.Outbox;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.pattern.StatusReply;
import org.jspecify.annotations.Nullable;

/**
 * Carries out what reaches beyond one memslot's lease, one operation at a time: recalls the leases concerned, waits until
 * each userfaultfd's owner has read the event, changes the mappings, flushes, and gives the leases back. Meanwhile
 * installs answer EAGAIN and wait.
 *
 * <p>
 * Bounded by: its callers, who each wait for an answer. Supervision: it stops when it throws, and the machine with it.
 */
final class AddressSpaceOwner extends SwitchActor<AddressSpaceOwner.Command> {
    /** The protocol. */
    sealed interface Command {}

    /** Give pages back: after it, they are zero. */
    record Discard(long firstPage, long pages, ActorRef<StatusReply<VirtualMachine.Done>> replyTo)
            implements Command {}

    /** A memslot's owner has read the event of an operation; its lease is recalled. */
    record EventRead(int memslot, int operation) implements Command {}

    /** A memslot was replaced; what it was told is lost. */
    record MemslotReplaced(int memslot) implements Command {}

    /** A fetcher died that received into this range: nobody else will. */
    record Retire(StagingRange range) implements Command {}

    /** A memslot moves nothing from a retired range any more. */
    record LetGo(int memslot, StagingRange range) implements Command {}

    /** What was still mapped in a retired range is flushed. */
    record RangeReleased(StagingRange range) implements Command {}

    /** The policy lets go on whoever waits for one memslot's part of the operation. */
    private enum FlushComplete implements Command {
        INSTANCE
    }

    private final MachineParts parts;
    private final Lane lane;
    private final FlushAnswer<Command> atComplete;
    private final ArrayDeque<Discard> waiting = new ArrayDeque<>();
    private final RetiredRanges retired;
    private @Nullable Discard current;
    /** Which one that is: an answer to an earlier one, asked for twice because a memslot died, says nothing of it. */
    private int operation;
    /** Memslots that have yet to read the event of the operation under way. */
    private final BitSet unread = new BitSet();
    private int flushesIncomplete;

    static Behavior<Command> create(MachineParts parts) {
        return Behaviors.setup(context -> new AddressSpaceOwner(parts, context.getSelf()));
    }

    private AddressSpaceOwner(MachineParts parts, ActorRef<Command> self) {
        this.parts = parts;
        this.atComplete = new FlushAnswer<>(self, FlushComplete.INSTANCE);
        this.lane = parts.world().lane("address-space");
        this.retired = new RetiredRanges(parts, self);
        parts.space().reaper(QuarantineScope::reap);
    }

    @Override
    protected Behavior<Command> onCommand(Command command) {
        switch (command) {
            case Discard discard -> lane.run(out -> onDiscard(discard, out));
            case EventRead read -> lane.run(out -> onEventRead(read, out));
            case MemslotReplaced replaced -> lane.run(out -> onMemslotReplaced(replaced.memslot(), out));
            case Retire retire -> lane.run(_ -> onRetire(retire.range()));
            case LetGo letGo -> lane.run(out -> onLetGo(letGo, out));
            case RangeReleased released -> lane.run(_ -> onRangeReleased(released.range()));
            case FlushComplete _ -> lane.run(this::onFlushComplete);
        }
        return this;
    }

    private long onDiscard(Discard discard, Outbox out) {
        waiting.add(discard);
        startNext(out);
        return 0;
    }

    private void startNext(Outbox out) {
        if (current != null || waiting.isEmpty()) {
            return;
        }
        Discard discard = waiting.removeFirst();
        current = discard;
        operation++;
        int first = parts.layout().memslotOf(discard.firstPage());
        int last = parts.layout().memslotOf(discard.firstPage() + discard.pages() - 1);
        unread.set(first, last + 1);
        for (int memslot = first; memslot <= last; memslot++) {
            tellBegin(discard, memslot, out);
        }
    }

    private void tellBegin(Discard discard, int memslot, Outbox out) {
        MemslotPages part = part(discard, memslot);
        out.tell(parts.memslots().get(memslot), new Memslot.BeginDiscard(operation, part.firstPage(), part.pages()));
    }

    private long onRetire(StagingRange range) {
        retired.add(range);
        return 0;
    }

    private long onLetGo(LetGo letGo, Outbox out) {
        retired.letGo(letGo.memslot(), letGo.range(), out);
        return 0;
    }

    private long onRangeReleased(StagingRange range) {
        retired.released(range);
        return 0;
    }

    private long onMemslotReplaced(int memslot, Outbox out) {
        retired.memslotReplaced(memslot, out);
        Discard discard = current;
        boolean concerned = discard != null && memslot >= parts.layout().memslotOf(discard.firstPage())
                && memslot <= parts.layout().memslotOf(discard.firstPage() + discard.pages() - 1);
        if (discard == null || !concerned) {
            out.tell(parts.memslots().get(memslot), new Memslot.EndDiscard());
        } else if (unread.get(memslot)) {
            tellBegin(discard, memslot, out);
        }
        return 0;
    }

    /** The part of a discard that lies in one memslot. */
    private MemslotPages part(Discard discard, int memslot) {
        MemslotPages slot = parts.memslotParts(memslot).pages();
        long from = Math.max(slot.firstPage(), discard.firstPage());
        long to = Math.min(slot.firstPage() + slot.pages(), discard.firstPage() + discard.pages());
        return new MemslotPages(memslot, from, (int) (to - from), slot.hvaOfPage(from), slot.pageSize());
    }

    private long onEventRead(EventRead read, Outbox out) {
        Discard discard = current;
        if (read.operation() != operation) {
            return 0;
        }
        boolean wasUnread = unread.get(read.memslot());
        unread.clear(read.memslot());
        if (discard == null || !wasUnread || !unread.isEmpty()) {
            return 0;
        }
        int first = parts.layout().memslotOf(discard.firstPage());
        int last = parts.layout().memslotOf(discard.firstPage() + discard.pages() - 1);
        for (int memslot = first; memslot <= last; memslot++) {
            flush(part(discard, memslot), out);
        }
        return 0;
    }

    private void flush(MemslotPages part, Outbox out) {
        MemslotParts own = parts.memslotParts(part.memslot());
        PageHold hold = own.quarantined().begin(QuarantinedPages.FORGOTTEN);
        own.quarantined().hold(hold, own.pages().indexOf(part.firstPage()), part.pages());
        own.takenBack().begin();
        QuarantineScope.collect(hold.frames(), () -> parts.giveBack(part.hvaStart(), part.bytes()));
        flushesIncomplete++;
        parts.world().trace(TraceKinds.DISCARDED, part.firstPage(), part.pages());
        out.tell(parts.shootdown(), own.takenBack()
                .endUnmap(part.gpaStart(), part.gpaStart() + part.bytes(), hold,
                        part.memslot(), atComplete));
    }

    private long onFlushComplete(Outbox out) {
        flushesIncomplete--;
        if (flushesIncomplete == 0) {
            finish(out);
        }
        return 0;
    }

    private void finish(Outbox out) {
        Discard discard = current;
        if (discard == null) {
            throw new IllegalStateException("a flush was answered outside any operation");
        }
        int first = parts.layout().memslotOf(discard.firstPage());
        int last = parts.layout().memslotOf(discard.firstPage() + discard.pages() - 1);
        for (int memslot = first; memslot <= last; memslot++) {
            out.tell(parts.memslots().get(memslot), new Memslot.EndDiscard());
        }
        current = null;
        out.tell(discard.replyTo(), StatusReply.success(VirtualMachine.Done.INSTANCE));
        startNext(out);
    }
}
