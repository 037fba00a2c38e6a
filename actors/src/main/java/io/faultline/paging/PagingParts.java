package io.faultline.paging;

import java.util.ArrayList;
import java.util.List;

import io.faultline.cost.CostProfile;
import io.faultline.cost.Operation;
import io.faultline.userfault.SimulatedUserfaultPort;
import io.faultline.world.Lane;
import io.faultline.world.WorldContext;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * What the threads of the experiment share: the lines and locks they meet at, and where each thread runs.
 *
 * <p>The machine has 256 CPUs in 32 last-level caches. Threads are spread over the caches, and a vCPU's reader runs
 * beside it.
 */
final class PagingParts {
    /** Last-level caches: two sockets of 64 cores, four to a cache, each core two CPUs. */
    private static final int CACHES = 32;

    private final PagingRate point;
    private final CostProfile profile;
    private final WorldContext world;
    private final PagingMemory memory;
    private final SharedLine mmLine;
    private final SharedLine mmuLine;
    private final Lane switches;
    private final List<WaitQueueLock> queues = new ArrayList<>();
    private final List<ActorRef<PagingThread.Step>> vcpus = new ArrayList<>();

    PagingParts(PagingRate point, CostProfile profile, WorldContext world, PagingMemory memory) {
        this.point = point;
        this.profile = profile;
        this.world = world;
        this.memory = memory;
        this.mmLine = new SharedLine(world, profile, "mm-lock", CACHES);
        this.mmuLine = new SharedLine(world, profile, "mmu-lock", CACHES);
        this.switches = world.lane("mm-switch");
        for (SimulatedUserfaultPort port : memory.ports()) {
            queues.add(new WaitQueueLock(port, world, profile));
        }
    }

    void spawnAll(ActorContext<?> context) {
        for (int vcpu = 0; vcpu < point.vcpus(); vcpu++) {
            vcpus.add(context.spawn(PagingVcpu.create(this, vcpu), "vcpu-" + vcpu, world.dispatcher()));
            if (point.variant() != PagingVariant.EXITS) {
                context.spawn(PagingReader.create(this, vcpu), "reader-" + vcpu, world.dispatcher());
            }
        }
    }

    PagingRate point() {
        return point;
    }

    WorldContext world() {
        return world;
    }

    PagingMemory memory() {
        return memory;
    }

    /** What the threads of the process change when they take and give back the mm lock, or hold on to the mm. */
    SharedLine mmLine() {
        return mmLine;
    }

    /** KVM's MMU lock, taken for reading to map a page. */
    SharedLine mmuLine() {
        return mmuLine;
    }

    ActorRef<PagingThread.Step> vcpu(int vcpu) {
        return vcpus.get(vcpu);
    }

    WaitQueueLock queueOf(int vcpu) {
        return queues.get(queues.size() == 1 ? 0 : vcpu);
    }

    long nanos(Operation operation) {
        return profile.nanos(operation);
    }

    int cacheOf(int vcpu) {
        return vcpu % CACHES;
    }

    /** A thread goes to sleep: nobody waits for its switch to idle, but the next switch does. */
    void switchOut() {
        long askedNanos = world.clock().nanos();
        switches.run(_ -> switchNanos(askedNanos));
    }

    /** A thread was made runnable: tells it when it runs. */
    <M> void switchIn(ActorRef<M> thread, M runs) {
        long askedNanos = world.clock().nanos();
        switches.run(out -> {
            out.tell(thread, runs);
            return switchNanos(askedNanos);
        });
    }

    private long switchNanos(long askedNanos) {
        boolean waited = world.clock().nanos() > askedNanos;
        return nanos(waited ? Operation.MM_SWITCH_WAITED : Operation.MM_SWITCH);
    }
}
