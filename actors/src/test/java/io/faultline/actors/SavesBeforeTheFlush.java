package io.faultline.actors;

import io.faultline.flush.ChangeKind;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.BehaviorInterceptor;
import org.apache.pekko.actor.typed.TypedActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Left out: an eviction saves what it has write-protected only when no CPU can write to it any more. Whoever asks for the
 * flush of a protection is told that it is over when it begins; it is carried out all the same, and nobody hears of its end.
 */
final class SavesBeforeTheFlush extends Workshop {
    @Override
    Behavior<TlbShootdown.Command> shootdown(MachineParts parts) {
        return Behaviors.setup(context -> {
            ActorRef<TlbShootdown.Flushed> nobody = context.spawn(Behaviors.ignore(), "nobody");
            return Behaviors.intercept(() -> new Hasty(nobody), super.shootdown(parts));
        });
    }

    private static final class Hasty extends BehaviorInterceptor<TlbShootdown.Command, TlbShootdown.Command> {
        private final ActorRef<TlbShootdown.Flushed> nobody;

        Hasty(ActorRef<TlbShootdown.Flushed> nobody) {
            super(TlbShootdown.Command.class);
            this.nobody = nobody;
        }

        @Override
        public Behavior<TlbShootdown.Command> aroundReceive(TypedActorContext<TlbShootdown.Command> context,
                TlbShootdown.Command command, ReceiveTarget<TlbShootdown.Command> shootdown) {
            if (command instanceof TlbShootdown.Flush flush && flush.change().kind() == ChangeKind.PROTECT) {
                FlushAnswers.tell(flush, TlbShootdown.Flushed.COMPLETE);
                FlushAnswers.tell(flush, TlbShootdown.Flushed.RELEASED);
                return shootdown.apply(context, answeringNobody(flush));
            }
            return shootdown.apply(context, command);
        }

        private TlbShootdown.Flush answeringNobody(TlbShootdown.Flush flush) {
            return new TlbShootdown.Flush(flush.change(), nobody);
        }
    }
}
