package io.faultline.actors;

import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.pattern.StatusReply;

/**
 * Has every memslot concerned write-protect its part of a range, waits until all were flushed, and answers once. A
 * memslot that dies meanwhile may have taken its part with it: that is answered with an error, for the caller to ask
 * again.
 *
 * <p>
 * It hears of a death from the machine and does not watch: the watchers of one actor hear of its end in the order of
 * their hashes, which differs from run to run.
 *
 * <p>
 * Bounded by: two answers a memslot. Supervision: none; it ends with the operation.
 */
final class ProtectGatherer extends SwitchActor<ProtectGatherer.Command> {
    /** The protocol. */
    sealed interface Command {}

    /** The shootdown has got somewhere with the flush of one memslot's part. */
    private record Answered(TlbShootdown.Flushed answer) implements Command {}

    /** A memslot was replaced; {@code incarnation} is its successor's. */
    record MemslotReplaced(int memslot, int incarnation) implements Command {}

    private final ActorRef<StatusReply<VirtualMachine.Done>> replyTo;
    private final int firstMemslot;
    /** Of each memslot when it was asked. */
    private final int[] incarnations;
    private int incomplete;
    private int unreleased;

    /**
     * Creates a gatherer for the pages from {@code firstPage} up to, not including, {@code endPage}.
     */
    static Behavior<Command> create(MachineParts parts, long firstPage, long endPage,
            ActorRef<StatusReply<VirtualMachine.Done>> replyTo) {
        return Behaviors.setup(context -> {
            int first = parts.layout().memslotOf(firstPage);
            int last = parts.layout().memslotOf(endPage - 1);
            ActorRef<TlbShootdown.Flushed> answers =
                    context.messageAdapter(TlbShootdown.Flushed.class, Answered::new);
            int[] incarnations = new int[last - first + 1];
            for (int memslot = first; memslot <= last; memslot++) {
                long from = Math.max(firstPage, parts.layout().firstPage(memslot));
                long to = Math.min(endPage, parts.layout().firstPage(memslot) + parts.layout().pagesOf(memslot));
                incarnations[memslot - first] = parts.memslots().incarnation(memslot);
                parts.memslots().get(memslot).tell(new Memslot.Protect(from, to - from, answers));
            }
            return new ProtectGatherer(first, incarnations, replyTo);
        });
    }

    private ProtectGatherer(int firstMemslot, int[] incarnations,
            ActorRef<StatusReply<VirtualMachine.Done>> replyTo) {
        this.replyTo = replyTo;
        this.firstMemslot = firstMemslot;
        this.incarnations = incarnations;
        this.incomplete = incarnations.length;
        this.unreleased = incarnations.length;
    }

    @Override
    protected Behavior<Command> onCommand(Command command) {
        return switch (command) {
            case Answered answered -> onAnswered(answered.answer());
            case MemslotReplaced replaced -> onMemslotReplaced(replaced);
        };
    }

    private Behavior<Command> onAnswered(TlbShootdown.Flushed answer) {
        switch (answer) {
            case COMPLETE -> {
                incomplete--;
                if (incomplete == 0) {
                    replyTo.tell(StatusReply.success(VirtualMachine.Done.INSTANCE));
                }
            }
            case RELEASED -> unreleased--;
        }
        return incomplete == 0 && unreleased == 0 ? Behaviors.stopped() : this;
    }

    private Behavior<Command> onMemslotReplaced(MemslotReplaced replaced) {
        int asked = replaced.memslot() - firstMemslot;
        boolean concerned = asked >= 0 && asked < incarnations.length
                && replaced.incarnation() > incarnations[asked];
        if (!concerned || incomplete == 0) {
            return this;
        }
        replyTo.tell(StatusReply.error(new IllegalStateException("memslot " + replaced.memslot()
                + " died while it write-protected pages; protect them again")));
        return Behaviors.stopped();
    }
}
