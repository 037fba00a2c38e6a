package io.faultline.bench.shootdown;

import java.util.Arrays;
import java.util.List;

import io.faultline.cost.CostProfile;
import io.faultline.cost.CostProfiles;
import io.faultline.lab.JsonTarget;
import io.faultline.registry.InvalidInputException;
import io.faultline.shootdown.ShootdownSpec;

/**
 * The experiment with every option read and found right.
 *
 * @param rounds how often each point is run
 * @param cores a row of LATR's for each
 * @param calls of munmap in each
 * @param profile of LATR's machine
 * @param loopCores of will-it-scale's
 * @param loops of each of its threads
 * @param loopProfile of its machine
 * @param seed of the world
 * @param json where the figures go
 */
record MunmapPlan(int rounds, List<Integer> cores, int calls, CostProfile profile, int loopCores, int loops,
        CostProfile loopProfile, long seed, JsonTarget json) {
    /** Of the machine that tlb_flush2_threads was run on. */
    static final int PUBLISHED_LOOP_CORES = 36;
    private static final int MOST_CALLS = 100_000;
    private static final int MOST_CORES = 256;

    /**
     * Reads and checks every option, the one that touches files last.
     *
     * @throws InvalidInputException naming the first option that is wrong
     */
    static MunmapPlan of(MunmapOptions options) {
        Numbers.rounds(options.rounds);
        for (int cores : options.cores) {
            Numbers.within("--cores", cores, 1, ShootdownSpec.CPUS_MOST);
        }
        Numbers.within("--calls", options.calls, 1, MOST_CALLS);
        Numbers.within("--loop-cores", options.loopCores, 1, MOST_CORES);
        Numbers.within("--loops", options.loops, 1, MOST_CALLS);
        CostProfile profile = CostProfiles.of(options.profile);
        CostProfile loopProfile = CostProfiles.of(options.loopProfile);
        return new MunmapPlan(options.rounds, Arrays.stream(options.cores).boxed().toList(), options.calls, profile,
                options.loopCores, options.loops, loopProfile, options.seed, JsonTarget.of("--json", options.json));
    }
}
