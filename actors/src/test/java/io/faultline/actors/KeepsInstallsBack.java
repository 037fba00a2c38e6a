package io.faultline.actors;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

import io.faultline.ring.MemslotLedger;
import io.faultline.ring.PageBatch;
import io.faultline.time.SplitMix;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.BehaviorInterceptor;
import org.apache.pekko.actor.typed.TypedActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Installs reach their memslot late now and then, which breaks no rule: when somebody was replaced meanwhile, the page was
 * asked for again, and may have come, been written and left again. Left out, if told so: an install of an attempt that was
 * given up is ignored.
 */
final class KeepsInstallsBack extends Workshop {
    private static final int ONE_IN = 10;
    private static final long SHORTEST_NANOS = 50_000;
    private static final int LONGER_NANOS = 1_000_000;

    private final boolean ignoresLateOnes;

    KeepsInstallsBack(boolean ignoresLateOnes) {
        this.ignoresLateOnes = ignoresLateOnes;
    }

    @Override
    Behavior<Memslot.Command> memslot(MachineParts parts, int index, int incarnation) {
        return Behaviors.intercept(() -> new Slow(parts, index), super.memslot(parts, index, incarnation));
    }

    @Override
    MemslotLedger ledger(MachineParts parts, MemslotParts own, int incarnation) {
        return ignoresLateOnes ? super.ledger(parts, own, incarnation) : new Credulous(parts, own, incarnation);
    }

    private static final class Slow extends BehaviorInterceptor<Memslot.Command, Memslot.Command> {
        private final MachineParts parts;
        private final SplitMix random;
        private final Set<PageBatch> kept = Collections.newSetFromMap(new IdentityHashMap<>());

        Slow(MachineParts parts, int index) {
            super(Memslot.Command.class);
            this.parts = parts;
            this.random = new SplitMix(parts.spec().seed()).split(index);
        }

        @Override
        public Behavior<Memslot.Command> aroundReceive(TypedActorContext<Memslot.Command> context,
                Memslot.Command command, ReceiveTarget<Memslot.Command> memslot) {
            if (command instanceof Memslot.Install install && !kept.remove(install.batch())
                    && random.nextInt(ONE_IN) == 0) {
                kept.add(install.batch());
                long nanos = SHORTEST_NANOS + random.nextInt(LONGER_NANOS);
                parts.world().deliverAfter(nanos, context.asJava().getSelf(), install);
                return Behaviors.same();
            }
            return memslot.apply(context, command);
        }
    }

    /** Takes whatever comes for a page that is waited for. */
    private static final class Credulous extends MemslotLedger {
        private final MemslotParts own;

        Credulous(MachineParts parts, MemslotParts own, int incarnation) {
            super(own.pages(), parts.space().hva(), own.removed(), parts.counters(), 0, incarnation);
            this.own = own;
        }

        @Override
        public boolean isCurrent(long page, long attempt) {
            return isPending(own.pages().indexOf(page));
        }
    }
}
