package io.faultline.lab.sweep;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.faultline.cost.CostProfile;
import io.faultline.cost.CostProfiles;
import io.faultline.flush.FlushPolicies;
import io.faultline.flush.FlushPolicy;
import io.faultline.flush.HostDuty;
import io.faultline.registry.InvalidInputException;
import io.faultline.shootdown.MemoryWorkload;
import io.faultline.shootdown.MemoryWorkloads;
import io.faultline.shootdown.ShootdownResult;
import io.faultline.shootdown.ShootdownSpec;
import org.jspecify.annotations.Nullable;

/**
 * A plan multiplied out. The order is profile, vCPUs, overcommit, workload, policy, seed, the last changing fastest. Safe
 * for any thread.
 */
public final class SweepMatrix {
    private static final int RUNS_MOST = 100_000;

    private final SweepPlan plan;
    private final Map<String, FlushPolicy> policies;
    private final Map<String, CostProfile> profiles;
    private final Map<String, MemoryWorkload> workloads;
    private final List<SweepPoint> points = new ArrayList<>();
    private final List<Skipped> skipped = new ArrayList<>();

    private SweepMatrix(SweepPlan plan) {
        this.plan = plan;
        policies = made(plan.policies(), FlushPolicies::parse);
        profiles = made(plan.profiles(), CostProfiles::of);
        workloads = made(plan.workloads(), MemoryWorkloads.registry()::create);
    }

    private static <T> Map<String, T> made(List<String> names, Function<String, T> factory) {
        Map<String, T> made = new LinkedHashMap<>();
        names.forEach(name -> made.put(name, factory.apply(name)));
        return made;
    }

    /**
     * Multiplies a plan out.
     *
     * @throws InvalidInputException when that leaves no run, or too many
     */
    public static SweepMatrix of(SweepPlan plan) {
        var matrix = new SweepMatrix(plan);
        long most = (long) plan.policies().size() * plan.profiles().size() * plan.vcpus().size()
                * plan.overcommits().size() * plan.workloads().size() * plan.seeds();
        if (most > RUNS_MOST) {
            throw new InvalidInputException("the sweep has " + most + " runs; at most " + RUNS_MOST + " are possible");
        }
        for (String profile : plan.profiles()) {
            for (int vcpus : plan.vcpus()) {
                for (int overcommit : plan.overcommits()) {
                    plan.workloads().forEach(load -> matrix.add(new Scene(profile, vcpus, overcommit, load)));
                }
            }
        }
        if (matrix.points.isEmpty()) {
            Skipped first = matrix.skipped.getFirst();
            throw new InvalidInputException("the sweep is empty: " + matrix.skipped.size()
                    + " combinations do not fit together, the first of them " + first.policy() + " with "
                    + first.scene() + ": " + first.reason());
        }
        return matrix;
    }

    private void add(Scene scene) {
        for (String policy : plan.policies()) {
            String misfit = misfit(scene, value(policies, policy));
            if (misfit != null) {
                skipped.add(new Skipped(scene, policy, misfit));
                continue;
            }
            for (int seed = 0; seed < plan.seeds(); seed++) {
                points.add(new SweepPoint(points.size(), scene, policy, plan.firstSeed() + seed));
            }
        }
    }

    private static @Nullable String misfit(Scene scene, FlushPolicy policy) {
        if (scene.overcommit() > scene.vcpus()) {
            return scene.vcpus() + " vCPUs are too few to take turns " + scene.overcommit() + " to a CPU";
        }
        Set<HostDuty> lacking = EnumSet.noneOf(HostDuty.class);
        lacking.addAll(policy.duties());
        lacking.removeAll(ShootdownSpec.DUTIES);
        return lacking.isEmpty() ? null
                : "it needs a machine that "
                        + lacking.stream().map(HostDuty::description).collect(Collectors.joining(" and "));
    }

    private static <T> T value(Map<String, T> all, String name) {
        T value = all.get(name);
        if (value == null) {
            throw new IllegalArgumentException("\"" + name + "\" is not in the plan");
        }
        return value;
    }

    /** {@return what is multiplied out} */
    public SweepPlan plan() {
        return plan;
    }

    /** {@return the runs, in the plan's order} */
    public List<SweepPoint> points() {
        return List.copyOf(points);
    }

    /** {@return what does not fit together} */
    public List<Skipped> skipped() {
        return List.copyOf(skipped);
    }

    /**
     * Finds a profile.
     *
     * @param name as the plan has it
     */
    public CostProfile profile(String name) {
        return value(profiles, name);
    }

    /**
     * Runs a point, on the calling thread. The same point gives the same result.
     *
     * @param point one of this matrix
     * @throws RuntimeException when the policy cannot serve the workload after all
     */
    public ShootdownResult run(SweepPoint point) {
        Scene scene = point.scene();
        ShootdownSpec spec = ShootdownSpec
                .of(scene.vcpus(), value(policies, point.policy()), value(profiles, scene.profile()),
                        value(workloads, scene.workload()))
                .seed(point.seed())
                .oracle(plan.oracle());
        return spec.overcommit(scene.overcommit(), spec.turnNanos()).run();
    }
}
