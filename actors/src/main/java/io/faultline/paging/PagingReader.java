package io.faultline.paging;

import io.faultline.cost.Operation;
import io.faultline.userfault.UserfaultMessages;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** A handler's thread: reads one message at a time, maps its page by UFFDIO_CONTINUE and wakes its vCPU. */
final class PagingReader extends PagingThread {
    private final UserfaultMessages message = new UserfaultMessages(1);
    private final WaitQueueLock queue;

    static Behavior<Step> create(PagingParts parts, int vcpu) {
        return Behaviors.setup(context -> {
            context.getSelf().tell(Step.AWAKE);
            return new PagingReader(parts, vcpu, context.getSelf()).behavior();
        });
    }

    private PagingReader(PagingParts parts, int vcpu, ActorRef<Step> self) {
        super(parts, vcpu, parts.point().vcpus() + vcpu, self);
        this.queue = parts.queueOf(vcpu);
    }

    @Override
    void onStep(Step over) {
        switch (over) {
            case AWAKE, WOKE -> readOrSleep();
            case WOKEN, RUNNABLE, SWITCHED_IN -> wakeUp(over, Step.AWAKE);
            case READING -> queue.read(message, self);
            case READ -> resolve();
            case CALLED, MM_HELD, MM_LOCKED, CONTINUED, MM_UNLOCKED -> continueCall(over, message.address(0));
            case MM_LET_GO -> queue.wake(parts, message.address(0), self);
            default -> throw unexpected(over);
        }
    }

    private void readOrSleep() {
        message.clear();
        if (queue.hasUnread()) {
            work(Operation.READ_CALL, Step.READING);
        } else {
            queue.sleep(self);
            sleep(Step.AWAKE);
        }
    }

    /** Another reader may have been faster, and there is nothing to do. */
    private void resolve() {
        if (message.count() == 0) {
            readOrSleep();
        } else {
            work(Operation.CONTINUE_CALL, Step.CALLED);
        }
    }
}
