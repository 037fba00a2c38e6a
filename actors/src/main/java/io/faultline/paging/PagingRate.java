package io.faultline.paging;

import io.faultline.cost.CostProfile;
import io.faultline.schedule.Schedule;
import io.faultline.world.internal.VirtualSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * One point of the paging-rate experiment: vCPUs that touch every page of their own region once, each a minor fault that
 * is resolved by CONTINUE, as KVM's {@code demand_paging_test} does.
 *
 * @param vcpus how many vCPUs
 * @param pagesPerVcpu how many pages each has
 * @param variant how faults are delivered
 */
public record PagingRate(int vcpus, int pagesPerVcpu, PagingVariant variant) {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final String SYSTEM_NAME = "paging-rate";

    public PagingRate {
        if (vcpus < 1 || pagesPerVcpu < 1) {
            throw new IllegalArgumentException(vcpus + " vCPUs with " + pagesPerVcpu + " pages each");
        }
    }

    /**
     * Runs it, on the calling thread. The same arguments give the same result, to the nanosecond.
     *
     * @param profile what everything costs
     * @param seed of the world
     * @return what came out
     */
    public PagingResult run(CostProfile profile, long seed) {
        try (var memory = new PagingMemory(this);
                VirtualSystem<Object> world = VirtualSystem.boot(SYSTEM_NAME, seed, Schedule.random(),
                        context -> Behaviors.setup(actor -> {
                            new PagingParts(this, profile, context, memory).spawnAll(actor);
                            return Behaviors.empty();
                        }))) {
            world.loop().runUntilIdle();
            memory.checkAllMapped();
            double seconds = memory.lastMappedNanos() / NANOS_PER_SECOND;
            long pages = (long) vcpus * pagesPerVcpu;
            return new PagingResult(this, pages / seconds, memory.lastMappedNanos(), world.loop().traceHash());
        }
    }
}
