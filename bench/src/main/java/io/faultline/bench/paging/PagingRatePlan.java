package io.faultline.bench.paging;

import java.util.Arrays;
import java.util.List;

import io.faultline.cost.CostProfile;
import io.faultline.cost.CostProfiles;
import io.faultline.lab.JsonTarget;
import io.faultline.registry.InvalidInputException;

/**
 * The experiment with every option read and found right.
 *
 * @param rounds how often each point is run
 * @param vcpus a row for each
 * @param pages how many each vCPU touches
 * @param profile what everything costs
 * @param seed of the world
 * @param json where the figures go
 */
record PagingRatePlan(int rounds, List<Integer> vcpus, int pages, CostProfile profile, long seed, JsonTarget json) {
    private static final int MOST_VCPUS = 65_536;
    private static final int MOST_PAGES = 1 << 20;
    private static final long MOST_IN_ALL = 1L << 26;

    /**
     * Reads and checks every option, the one that touches files last.
     *
     * @throws InvalidInputException naming the first option that is wrong
     */
    static PagingRatePlan of(PagingRateOptions options) {
        if (options.rounds < 1) {
            throw new InvalidInputException("--rounds must be at least 1, not " + options.rounds);
        }
        within("--pages", options.pages, MOST_PAGES);
        for (int vcpus : options.vcpus) {
            within("--vcpus", vcpus, MOST_VCPUS);
            if ((long) vcpus * options.pages > MOST_IN_ALL) {
                throw new InvalidInputException("--vcpus " + vcpus + " with --pages " + options.pages
                        + " is more than " + MOST_IN_ALL + " pages: ask for fewer");
            }
        }
        CostProfile profile = CostProfiles.of(options.profile);
        return new PagingRatePlan(options.rounds, Arrays.stream(options.vcpus).boxed().toList(), options.pages, profile,
                options.seed, JsonTarget.of("--json", options.json));
    }

    private static void within(String option, int value, int most) {
        if (value < 1 || value > most) {
            throw new InvalidInputException(option + " must be from 1 to " + most + ", not " + value);
        }
    }
}
