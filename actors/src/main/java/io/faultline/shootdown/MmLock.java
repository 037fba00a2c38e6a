package io.faultline.shootdown;

import java.util.ArrayDeque;

import io.faultline.cost.Operation;
import io.faultline.world.Lane;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * The lock of the address space: held by one for writing or by several for reading, given out in the order asked for.
 * Readers meet at its cache line even so. Not thread-safe: it belongs to the loop.
 */
final class MmLock {
    private record Waiter(ActorRef<CpuActor.Command> who, boolean exclusive, long askedNanos) {}

    private final Machine machine;
    private final Lane line;
    private final ArrayDeque<Waiter> waiting = new ArrayDeque<>();
    private int readers;
    private boolean written;
    private long waitedNanos;

    MmLock(Machine machine) {
        this.machine = machine;
        this.line = machine.world().lane("mm-lock");
    }

    /**
     * Asks for it.
     *
     * @return whether it was free; else the actor is told {@link CpuActor.Signal#LOCKED} when it has it
     */
    boolean acquire(ActorRef<CpuActor.Command> who, boolean exclusive) {
        if (waiting.isEmpty() && isFree(exclusive)) {
            hold(exclusive);
            return true;
        }
        waiting.add(new Waiter(who, exclusive, machine.nanos()));
        return false;
    }

    private boolean isFree(boolean exclusive) {
        return !written && (readers == 0 || !exclusive);
    }

    private void hold(boolean exclusive) {
        written = exclusive;
        readers += exclusive ? 0 : 1;
    }

    void release(boolean exclusive) {
        assert exclusive ? written : readers > 0 : "the mm lock is not held";
        written = false;
        readers -= exclusive ? 0 : 1;
        for (Waiter next = waiting.peek(); next != null && isFree(next.exclusive()); next = waiting.peek()) {
            waiting.remove();
            hold(next.exclusive());
            long handoffNanos = machine.cost(Operation.LOCK_HANDOFF);
            waitedNanos += machine.nanos() - next.askedNanos() + handoffNanos;
            machine.world().deliverAfter(handoffNanos, next.who(), CpuActor.Signal.LOCKED);
        }
    }

    /** Nanoseconds that a reader waits for the lock's line, beyond what an uncontended call has in it. */
    long lineWaitNanos() {
        long nanos = machine.cost(Operation.MM_LOCK);
        long waited = line.take(nanos) - nanos;
        waitedNanos += waited;
        return waited;
    }

    long waitedNanos() {
        return waitedNanos;
    }
}
