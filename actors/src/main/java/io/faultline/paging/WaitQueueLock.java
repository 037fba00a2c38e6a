package io.faultline.paging;

import java.util.ArrayDeque;

import io.faultline.cost.CostProfile;
import io.faultline.cost.Operation;
import io.faultline.userfault.RaiseOutcome;
import io.faultline.userfault.SimulatedUserfaultPort;
import io.faultline.userfault.UserfaultMessages;
import io.faultline.world.Lane;
import io.faultline.world.LaneOperation;
import io.faultline.world.WorldContext;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * A userfaultfd and the lock of its wait queue: who queues a fault, reads a message or wakes holds it, and whoever wakes
 * holds it the longer the more wait, because the kernel looks at each of them. Not thread-safe: it belongs to the loop.
 */
final class WaitQueueLock {
    private final SimulatedUserfaultPort port;
    private final WorldContext world;
    private final CostProfile profile;
    private final Lane lock;
    /** Readers that sleep in epoll_wait, the last one first: each message wakes one (EPOLLEXCLUSIVE). */
    private final ArrayDeque<ActorRef<PagingThread.Step>> idle = new ArrayDeque<>();

    WaitQueueLock(SimulatedUserfaultPort port, WorldContext world, CostProfile profile) {
        this.port = port;
        this.world = world;
        this.profile = profile;
        this.lock = world.lane("userfaultfd-" + port.id());
    }

    SimulatedUserfaultPort port() {
        return port;
    }

    /** Queues a vCPU's fault, and wakes a reader if one sleeps. */
    void queue(int vcpu, long hva, ActorRef<PagingThread.Step> who) {
        underLock(out -> {
            RaiseOutcome outcome = port.raise(vcpu, hva, true, world.clock().nanos());
            if (outcome != RaiseOutcome.QUEUED) {
                throw new IllegalStateException("the fault of vCPU " + vcpu + " was " + outcome);
            }
            out.tell(who, PagingThread.Step.QUEUED);
            long nanos = profile.nanos(Operation.FAULT_QUEUE);
            ActorRef<PagingThread.Step> reader = idle.pollLast();
            if (reader != null) {
                out.tell(reader, PagingThread.Step.WOKEN);
                nanos += profile.nanos(Operation.WAKE_THREAD);
            }
            return nanos;
        });
    }

    /** Whether there is something to read; looked at without the lock, as userfaultfd_poll does. */
    boolean hasUnread() {
        return port.unreadFaults() > 0;
    }

    void sleep(ActorRef<PagingThread.Step> reader) {
        idle.addLast(reader);
    }

    /** Reads one message, or none if another reader was faster. */
    void read(UserfaultMessages into, ActorRef<PagingThread.Step> reader) {
        underLock(out -> {
            port.read(into);
            out.tell(reader, PagingThread.Step.READ);
            return profile.nanos(Operation.FAULT_READ);
        });
    }

    /** Wakes whoever is halted on a page. */
    void wake(PagingParts parts, long hva, ActorRef<PagingThread.Step> reader) {
        underLock(out -> {
            long nanos = profile.nanos(Operation.WAKE_CALL) + port.waiters() * profile.nanos(Operation.WAKE_SCAN);
            for (int vcpu : parts.memory().wake(port, hva)) {
                nanos += profile.nanos(Operation.WAKE_THREAD);
                out.tell(parts.vcpu(vcpu), PagingThread.Step.WOKEN);
            }
            out.tell(reader, PagingThread.Step.WOKE);
            return nanos;
        });
    }

    private void underLock(LaneOperation section) {
        long askedNanos = world.clock().nanos();
        lock.run(out -> {
            long handoff = world.clock().nanos() > askedNanos ? profile.nanos(Operation.LOCK_HANDOFF) : 0;
            return handoff + section.run(out);
        });
    }
}
