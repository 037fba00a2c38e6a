package io.faultline.lab.sweep;

import java.util.List;
import java.util.Map;

import io.faultline.cost.CostProfiles;
import io.faultline.flush.FlushPolicies;
import io.faultline.registry.InvalidInputException;
import io.faultline.shootdown.MemoryWorkloads;
import io.faultline.shootdown.ShootdownSpec;

/**
 * What a sweep runs: each policy with each of all else. Names are as the user wrote them, ranges spelt out, and are known
 * to be right.
 *
 * @param policies with their parameters
 * @param profiles by name or file
 * @param vcpus how many CPUs the machine has
 * @param overcommits how many of them take turns on one real CPU
 * @param workloads with their parameters
 * @param seeds how many runs of each combination
 * @param firstSeed of the first of them; the others follow
 * @param oracle whether the safety oracle watches
 */
public record SweepPlan(List<String> policies, List<String> profiles, List<Integer> vcpus, List<Integer> overcommits,
        List<String> workloads, int seeds, long firstSeed, boolean oracle) {
    private static final int OVERCOMMIT_MOST = 64;
    private static final int SEEDS_MOST = 10_000;

    /**
     * Reads and checks what was written.
     *
     * @param settings what there is none for is as {@link PlanKey#usual} says
     * @return the plan
     * @throws InvalidInputException saying where what is wrong
     */
    public static SweepPlan of(Map<PlanKey, Setting> settings) {
        Setting oracle = setting(settings, PlanKey.ORACLE);
        if (!oracle.text().equals("full") && !oracle.text().equals("off")) {
            throw oracle.wrong("must be full or off, not \"" + oracle.text() + "\"");
        }
        return new SweepPlan(
                setting(settings, PlanKey.POLICIES).values(text -> check(FlushPolicies.parse(text))),
                setting(settings, PlanKey.PROFILES).values(text -> check(CostProfiles.of(text))),
                setting(settings, PlanKey.VCPUS).numbers(1, ShootdownSpec.CPUS_MOST),
                setting(settings, PlanKey.OVERCOMMIT).numbers(1, OVERCOMMIT_MOST),
                setting(settings, PlanKey.WORKLOAD).values(text -> check(MemoryWorkloads.registry().create(text))),
                setting(settings, PlanKey.SEEDS).oneNumber(1, SEEDS_MOST),
                setting(settings, PlanKey.SEED).oneLong(Long.MIN_VALUE, Long.MAX_VALUE - SEEDS_MOST),
                oracle.text().equals("full"));
    }

    private static Setting setting(Map<PlanKey, Setting> settings, PlanKey key) {
        Setting given = settings.get(key);
        return given != null ? given : new Setting("the usual " + key.key(), key.usual());
    }

    /** It could be made, which is all that is asked here. */
    private static void check(Object made) {
        assert made != null;
    }
}
