package io.faultline.actors;

import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.pattern.StatusReply;

/**
 * Has every memslot concerned write-protect its part of a range, waits until all were flushed, and answers once. A
 * memslot that dies meanwhile may have taken its part with it: that is answered with an error, for the caller to ask
 * again.
 *
 * <p>
 * Bounded by: two answers a memslot. Supervision: none; it ends with the operation.
 */
final class ProtectGatherer extends SwitchActor<TlbShootdown.Flushed> {
    private final ActorRef<StatusReply<VirtualMachine.Done>> replyTo;
    private int incomplete;
    private int unreleased;

    /**
     * Creates a gatherer for the pages from {@code firstPage} up to, not including, {@code endPage}.
     */
    static Behavior<TlbShootdown.Flushed> create(MachineParts parts, long firstPage, long endPage,
            ActorRef<StatusReply<VirtualMachine.Done>> replyTo) {
        return Behaviors.setup(context -> {
            int first = parts.layout().memslotOf(firstPage);
            int last = parts.layout().memslotOf(endPage - 1);
            for (int memslot = first; memslot <= last; memslot++) {
                long from = Math.max(firstPage, parts.layout().firstPage(memslot));
                long to = Math.min(endPage, parts.layout().firstPage(memslot) + parts.layout().pagesOf(memslot));
                ActorRef<Memslot.Command> asked = parts.memslots().get(memslot);
                context.watch(asked);
                asked.tell(new Memslot.Protect(from, to - from, context.getSelf()));
            }
            return new ProtectGatherer(last - first + 1, replyTo);
        });
    }

    private ProtectGatherer(int memslots, ActorRef<StatusReply<VirtualMachine.Done>> replyTo) {
        this.replyTo = replyTo;
        this.incomplete = memslots;
        this.unreleased = memslots;
    }

    @Override
    protected Behavior<TlbShootdown.Flushed> onCommand(TlbShootdown.Flushed answer) {
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

    @Override
    protected Behavior<TlbShootdown.Flushed> onSignal(Signal signal) {
        if (!(signal instanceof Terminated died)) {
            return Behaviors.unhandled();
        }
        if (incomplete > 0) {
            replyTo.tell(StatusReply.error(new IllegalStateException(
                    died.getRef().path().name() + " died while it write-protected pages; protect them again")));
            return Behaviors.stopped();
        }
        return this;
    }
}
