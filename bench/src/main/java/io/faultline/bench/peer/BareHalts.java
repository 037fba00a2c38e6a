package io.faultline.bench.peer;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

import io.faultline.bench.measure.Contender;
import io.faultline.bench.measure.Work;
import io.faultline.time.NanoClock;
import io.faultline.world.internal.ThreadsSystem;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.ExtensibleBehavior;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.TypedActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * What halting and resuming alone cost, where each vCPU and each memslot is an actor: of a fault's hops only the two that
 * no batch shares. A vCPU tells its memslot; the memslot answers all who told it since it last looked. Messages are
 * constants, and nothing else is done. No machine of such actors can take less for a fault.
 */
public final class BareHalts implements Contender {
    /** As many as the machine has by default. */
    private static final int MEMSLOTS_MOST = 64;
    private static final NanoClock CLOCK = NanoClock.monotonic();
    private static final long SEED = 1;

    private final int vcpus;
    private final int faultsPerVcpu;

    /**
     * @param vcpus how many vCPUs
     * @param faultsPerVcpu how often each halts in a run
     */
    public BareHalts(int vcpus, int faultsPerVcpu) {
        this.vcpus = vcpus;
        this.faultsPerVcpu = faultsPerVcpu;
    }

    /** To a vCPU: run on. */
    private enum Resume {
        INSTANCE
    }

    /** To a memslot. */
    private sealed interface ToMemslot {}

    private record Halted(int vcpu) implements ToMemslot {}

    private enum Look implements ToMemslot {
        INSTANCE
    }

    @Override
    public Work runOnce() throws InterruptedException {
        CountDownLatch spawned = new CountDownLatch(1);
        CountDownLatch running = new CountDownLatch(vcpus);
        List<ActorRef<Resume>> refs = new ArrayList<>(vcpus);
        try (var _ = ThreadsSystem.boot("bare-halts", SEED, _ -> guardian(refs, spawned, running))) {
            spawned.await();
            long beganNanos = CLOCK.nanos();
            refs.forEach(vcpu -> vcpu.tell(Resume.INSTANCE));
            running.await();
            long nanos = CLOCK.nanos() - beganNanos;
            long all = (long) vcpus * faultsPerVcpu;
            return new Work(all, all, 0, nanos);
        }
    }

    private Behavior<Object> guardian(List<ActorRef<Resume>> refs, CountDownLatch spawned, CountDownLatch running) {
        return Behaviors.setup(context -> {
            int memslots = Math.min(vcpus, MEMSLOTS_MOST);
            List<ActorRef<ToMemslot>> slots = new ArrayList<>();
            for (int memslot = 0; memslot < memslots; memslot++) {
                Behavior<ToMemslot> behavior = Behaviors.setup(own -> new Memslot(own.getSelf(), refs, vcpus));
                slots.add(context.spawn(behavior, "memslot-" + memslot));
            }
            for (int vcpu = 0; vcpu < vcpus; vcpu++) {
                ActorRef<ToMemslot> memslot = slots.get((int) ((long) vcpu * memslots / vcpus));
                refs.add(context.spawn(new Vcpu(vcpu, faultsPerVcpu, memslot, running), "vcpu-" + vcpu));
            }
            spawned.countDown();
            return Behaviors.empty();
        });
    }

    private static final class Vcpu extends ExtensibleBehavior<Resume> {
        private final Halted halted;
        private final ActorRef<ToMemslot> memslot;
        private final CountDownLatch running;
        private int remaining;

        Vcpu(int vcpu, int faults, ActorRef<ToMemslot> memslot, CountDownLatch running) {
            this.halted = new Halted(vcpu);
            this.remaining = faults;
            this.memslot = memslot;
            this.running = running;
        }

        @Override
        public Behavior<Resume> receive(TypedActorContext<Resume> context, Resume message) {
            if (remaining == 0) {
                running.countDown();
            } else {
                remaining--;
                memslot.tell(halted);
            }
            return this;
        }

        @Override
        public Behavior<Resume> receiveSignal(TypedActorContext<Resume> context, Signal signal) {
            return Behaviors.unhandled();
        }
    }

    private static final class Memslot extends ExtensibleBehavior<ToMemslot> {
        private final ActorRef<ToMemslot> self;
        private final List<ActorRef<Resume>> vcpus;
        private final int[] waiting;
        private int waitingCount;

        Memslot(ActorRef<ToMemslot> self, List<ActorRef<Resume>> vcpus, int vcpuCount) {
            this.self = self;
            this.vcpus = vcpus;
            this.waiting = new int[vcpuCount];
        }

        @Override
        public Behavior<ToMemslot> receive(TypedActorContext<ToMemslot> context, ToMemslot message) {
            switch (message) {
                case Halted halted -> {
                    if (waitingCount == 0) {
                        self.tell(Look.INSTANCE);
                    }
                    waiting[waitingCount++] = halted.vcpu();
                }
                case Look _ -> {
                    for (int index = 0; index < waitingCount; index++) {
                        vcpus.get(waiting[index]).tell(Resume.INSTANCE);
                    }
                    waitingCount = 0;
                }
            }
            return this;
        }

        @Override
        public Behavior<ToMemslot> receiveSignal(TypedActorContext<ToMemslot> context, Signal signal) {
            return Behaviors.unhandled();
        }
    }
}
