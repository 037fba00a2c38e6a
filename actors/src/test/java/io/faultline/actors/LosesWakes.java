package io.faultline.actors;

import java.util.function.LongConsumer;

import io.faultline.memory.PageSize;
import io.faultline.ring.MemslotLedger;
import io.faultline.ring.PageBatch;
import io.faultline.space.AddressSpace;
import io.faultline.userfault.FaultKind;
import io.faultline.userfault.RaiseOutcome;
import io.faultline.userfault.SimulatedUserfaultPort;
import io.faultline.userfault.UserfaultMessages;
import io.faultline.userfault.WakeSink;
import org.jspecify.annotations.Nullable;

/**
 * Left out: who has found a page absent, and waits for it only after it has come and its waiters were woken, is not left
 * waiting. Two parts see to it, as in Linux: the port looks at the page once more before it queues a waiter
 * (userfaultfd_must_wait in fs/userfaultfd.c), and who reads a message of a page that is there wakes its waiters.
 */
final class LosesWakes extends Workshop {
    private final boolean looksAgain;
    private final boolean wakesTheLate;

    /**
     * @param looksAgain
     *            whether the port does its part
     * @param wakesTheLate
     *            whether the ledger does its part
     */
    LosesWakes(boolean looksAgain, boolean wakesTheLate) {
        this.looksAgain = looksAgain;
        this.wakesTheLate = wakesTheLate;
    }

    @Override
    SimulatedUserfaultPort port(int id, AddressSpace space, long features, WakeSink sink) {
        return looksAgain ? super.port(id, space, features, sink) : new Blind(id, space, features, sink);
    }

    @Override
    MemslotLedger ledger(MachineParts parts, MemslotParts own, int incarnation) {
        return wakesTheLate ? super.ledger(parts, own, incarnation) : new Silent(parts, own, incarnation);
    }

    /** Queues whoever faulted, although the page may be there by now. */
    private static final class Blind extends SimulatedUserfaultPort {
        Blind(int id, AddressSpace space, long features, WakeSink sink) {
            super(id, space, features, sink);
        }

        @Override
        public RaiseOutcome raise(int waiter, long hva, boolean write, long nanos) {
            RaiseOutcome outcome = super.raise(waiter, hva, write, nanos);
            if (outcome != RaiseOutcome.ALREADY_RESOLVED) {
                return outcome;
            }
            queue(waiter, hva, FaultKind.MISSING, PageSize.BASE_SHIFT, write, nanos);
            return RaiseOutcome.QUEUED;
        }
    }

    /** Drops the message of a page that is there, as if nobody could still wait for it. */
    private static final class Silent extends MemslotLedger {
        Silent(MachineParts parts, MemslotParts own, int incarnation) {
            super(own.pages(), parts.space().hva(), own.removed(), parts.counters(), 0, incarnation);
        }

        @Override
        public @Nullable PageBatch takeUp(UserfaultMessages messages, LongConsumer wake) {
            return super.takeUp(messages, _ -> {
            });
        }
    }
}
