package io.faultline.bench.shootdown;

import java.util.Arrays;
import java.util.List;

import io.faultline.cost.CostProfile;
import io.faultline.cost.CostProfiles;
import io.faultline.flush.ConcurrentPolicy;
import io.faultline.flush.FlushPolicy;
import io.faultline.flush.StrictPolicy;
import io.faultline.lab.JsonTarget;
import io.faultline.registry.InvalidInputException;
import io.faultline.shootdown.CallLoop;
import io.faultline.shootdown.ShootdownResult;
import io.faultline.shootdown.ShootdownSpec;

/**
 * The experiment with every option read and found right.
 *
 * @param rounds how often each point is run
 * @param cpus that run the process, in the column that is not "alone"
 * @param rings sizes of the deferred ring
 * @param calls of each point
 * @param profile what everything costs
 * @param seed of the world
 * @param json where the figures go
 */
record RemapCostPlan(int rounds, int cpus, List<Integer> rings, int calls, CostProfile profile, long seed,
        JsonTarget json) {
    /** The machine on which the published figures were measured. */
    static final String MEASURED_PROFILE = "guest-zen4-2vcpu";
    /** As Linux does since 5.13: the own CPU flushes while the interrupts are on their way. */
    static final FlushPolicy LINUX = new ConcurrentPolicy(StrictPolicy.CEILING_DEFAULT_PAGES);
    private static final int MOST_CALLS = 100_000;
    private static final int MOST_RING = 4096;

    /**
     * Reads and checks every option, the one that touches files last.
     *
     * @throws InvalidInputException naming the first option that is wrong
     */
    static RemapCostPlan of(RemapCostOptions options) {
        Numbers.rounds(options.rounds);
        Numbers.within("--cpus", options.cpus, 2, ShootdownSpec.CPUS_MOST);
        Numbers.within("--calls", options.calls, 1, MOST_CALLS);
        for (int size : options.ring) {
            Numbers.within("--ring", size, 1, MOST_RING);
        }
        CostProfile profile = CostProfiles.of(options.profile);
        return new RemapCostPlan(options.rounds, options.cpus, Arrays.stream(options.ring).boxed().toList(),
                options.calls, profile, options.seed, JsonTarget.of("--json", options.json));
    }

    /** Whether the published figures are those of the machine that the costs are of. */
    boolean isMeasuredMachine() {
        return cpus == 2 && profile.name().equals(MEASURED_PROFILE);
    }

    ShootdownResult run(int onCpus, FlushPolicy policy, CallLoop loop) {
        return Repeated.run(ShootdownSpec.of(onCpus, policy, profile, loop).seed(seed), rounds);
    }
}
