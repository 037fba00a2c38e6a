package io.faultline.paging;

import io.faultline.cost.Operation;
import io.faultline.world.Lane;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * What a vCPU's thread and a reader have in common: each step takes its time somewhere and says when it is over. Bounded
 * by: a step is asked for by the one before it, so at most one is under way, and one wake-up. Supervision: none; what a
 * step throws ends the experiment.
 */
abstract class PagingThread {
    /** The protocol: what is over. */
    enum Step {
        BEGIN,
        /** A vCPU has left the guest and looked the page up in vain. */
        EXITED,
        MM_TAKEN, QUEUED, MM_GIVEN_BACK, RUNNING_AGAIN, MM_TAKEN_AGAIN, MM_GIVEN_BACK_AGAIN,
        /** A vCPU's exit has reached user space. */
        IN_USER_SPACE, MMU_TAKEN, MMU_GIVEN_BACK, RESUMED,
        /** A reader runs, has entered read(2), has read, has woken. */
        AWAKE, READING, READ, WOKE,
        /** The steps of UFFDIO_CONTINUE. */
        CALLED, MM_HELD, MM_LOCKED, CONTINUED, MM_UNLOCKED, MM_LET_GO,
        /** Somebody has made this thread runnable; it is on a CPU's queue; it has been switched to. */
        WOKEN, RUNNABLE, SWITCHED_IN
    }

    final PagingParts parts;
    final int vcpu;
    final ActorRef<Step> self;
    private final int cpu;
    private final Lane lane;
    private boolean asleep;
    private boolean wokenEarly;

    /**
     * @param vcpu the vCPU it is, or reads for
     * @param cpu tells the CPU it runs on from all others
     */
    PagingThread(PagingParts parts, int vcpu, int cpu, ActorRef<Step> self) {
        this.parts = parts;
        this.vcpu = vcpu;
        this.cpu = cpu;
        this.self = self;
        this.lane = parts.world().lane("cpu-" + cpu);
    }

    Behavior<Step> behavior() {
        return Behaviors.receiveMessage(step -> {
            onStep(step);
            return Behaviors.same();
        });
    }

    /** Takes the next step. */
    abstract void onStep(Step over);

    /** Work of this thread's own. */
    final void work(Operation operation, Step over) {
        lane.run(out -> {
            out.tell(self, over);
            return parts.nanos(operation);
        });
    }

    /** A change of what the threads of the process share in the mm. */
    final void changeMm(Step over) {
        parts.mmLine().change(cpu, parts.cacheOf(vcpu), self, over);
    }

    /** A change of KVM's MMU lock. */
    final void changeMmu(Step over) {
        parts.mmuLine().change(cpu, parts.cacheOf(vcpu), self, over);
    }

    /** Sleeps until woken; {@code running} follows, at once when that has happened already. */
    final void sleep(Step running) {
        if (wokenEarly) {
            wokenEarly = false;
            onStep(running);
        } else {
            asleep = true;
            parts.switchOut();
        }
    }

    /** The part of waking up that is the same for all; {@code running} follows. */
    final void wakeUp(Step over, Step running) {
        switch (over) {
            case WOKEN -> {
                if (asleep) {
                    asleep = false;
                    parts.world().deliverAfter(parts.nanos(Operation.THREAD_WAKE), self, Step.RUNNABLE);
                } else {
                    wokenEarly = true;
                }
            }
            case RUNNABLE -> parts.switchIn(self, Step.SWITCHED_IN);
            case SWITCHED_IN -> onStep(running);
            default -> throw unexpected(over);
        }
    }

    /** UFFDIO_CONTINUE of a page, from {@link Step#CALLED} to {@link Step#MM_LET_GO}. */
    final void continueCall(Step over, long hva) {
        switch (over) {
            case CALLED -> changeMm(Step.MM_HELD);
            case MM_HELD -> changeMm(Step.MM_LOCKED);
            case MM_LOCKED -> {
                parts.memory().continuePage(parts.queueOf(vcpu).port(), hva);
                work(Operation.CONTINUE_PAGE, Step.CONTINUED);
            }
            case CONTINUED -> changeMm(Step.MM_UNLOCKED);
            case MM_UNLOCKED -> changeMm(Step.MM_LET_GO);
            default -> throw unexpected(over);
        }
    }

    final IllegalStateException unexpected(Step over) {
        return new IllegalStateException("step " + over + " of " + self.path().name());
    }
}
