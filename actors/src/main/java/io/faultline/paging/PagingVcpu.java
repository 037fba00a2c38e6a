package io.faultline.paging;

import io.faultline.cost.Operation;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** A vCPU's thread: touches each page of its region, gets it by a userfaultfd or by an exit, and maps it. */
final class PagingVcpu extends PagingThread {
    private int page = -1;
    private long hva;

    static Behavior<Step> create(PagingParts parts, int index) {
        return Behaviors.setup(context -> {
            context.getSelf().tell(Step.BEGIN);
            return new PagingVcpu(parts, index, context.getSelf()).behavior();
        });
    }

    private PagingVcpu(PagingParts parts, int index, ActorRef<Step> self) {
        super(parts, index, index, self);
    }

    @Override
    void onStep(Step over) {
        switch (over) {
            case BEGIN, RESUMED -> touchNext();
            case EXITED -> leave();
            case MM_TAKEN -> parts.queueOf(vcpu).queue(vcpu, hva, self);
            case QUEUED -> changeMm(Step.MM_GIVEN_BACK);
            case MM_GIVEN_BACK -> sleep(Step.RUNNING_AGAIN);
            case WOKEN, RUNNABLE, SWITCHED_IN -> wakeUp(over, Step.RUNNING_AGAIN);
            case RUNNING_AGAIN -> changeMm(Step.MM_TAKEN_AGAIN);
            case MM_TAKEN_AGAIN -> changeMm(Step.MM_GIVEN_BACK_AGAIN);
            case IN_USER_SPACE -> work(Operation.CONTINUE_CALL, Step.CALLED);
            case CALLED, MM_HELD, MM_LOCKED, CONTINUED, MM_UNLOCKED -> continueCall(over, hva);
            case MM_GIVEN_BACK_AGAIN, MM_LET_GO -> changeMmu(Step.MMU_TAKEN);
            case MMU_TAKEN -> map();
            case MMU_GIVEN_BACK -> work(Operation.FAULT_RESUME, Step.RESUMED);
            case AWAKE, READING, READ, WOKE -> throw unexpected(over);
        }
    }

    private void touchNext() {
        if (++page < parts.point().pagesPerVcpu()) {
            hva = parts.memory().hva(vcpu, page);
            work(Operation.FAULT_EXIT, Step.EXITED);
        }
    }

    private void leave() {
        switch (parts.point().variant()) {
            case ONE_USERFAULTFD, USERFAULTFD_PER_VCPU -> changeMm(Step.MM_TAKEN);
            case EXITS -> work(Operation.EXIT_USER, Step.IN_USER_SPACE);
        }
    }

    private void map() {
        parts.memory().mapInSecondStage(hva, parts.world().clock().nanos());
        changeMmu(Step.MMU_GIVEN_BACK);
    }
}
