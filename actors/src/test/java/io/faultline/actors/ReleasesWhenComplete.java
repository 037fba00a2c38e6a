package io.faultline.actors;

import io.faultline.ring.PageHold;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.BehaviorInterceptor;
import org.apache.pekko.actor.typed.TypedActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Left out: what an unmap keeps from reuse is released when the policy says so, and not already when it lets the requester
 * go on.
 */
final class ReleasesWhenComplete extends Workshop {
    @Override
    Behavior<TlbShootdown.Command> shootdown(MachineParts parts) {
        return Behaviors.intercept(Hasty::new, super.shootdown(parts));
    }

    private static final class Hasty extends BehaviorInterceptor<TlbShootdown.Command, TlbShootdown.Command> {
        Hasty() {
            super(TlbShootdown.Command.class);
        }

        @Override
        public Behavior<TlbShootdown.Command> aroundReceive(TypedActorContext<TlbShootdown.Command> context,
                TlbShootdown.Command command, ReceiveTarget<TlbShootdown.Command> shootdown) {
            if (command instanceof TlbShootdown.Flush flush && flush.hold() != null && flush.atComplete() != null) {
                return shootdown.apply(context, new TlbShootdown.Flush(flush.change(), flush.hold(),
                        releasing(flush.atComplete(), flush.hold(), flush.atRelease()), flush.atRelease()));
            }
            return shootdown.apply(context, command);
        }

        private static <M> FlushAnswer<M> releasing(FlushAnswer<M> atComplete, PageHold hold,
                FlushAnswer<?> atRelease) {
            return new FlushAnswer<>(() -> {
                hold.release();
                tell(atRelease);
                return atComplete.to().get();
            }, atComplete.message());
        }

        private static <M> void tell(FlushAnswer<M> answer) {
            ActorRef<M> to = answer.to().get();
            to.tell(answer.message());
        }
    }
}
