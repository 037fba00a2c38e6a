package io.faultline.lab.sweep;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.faultline.shootdown.ShootdownResult;
import org.jspecify.annotations.Nullable;

/**
 * One policy in one scene, over all seeds.
 *
 * @param policy with its parameters
 * @param runs one for each seed
 * @param estimates of every metric; empty when each run broke off
 * @param complaint why the policy is not safe here; null when nothing speaks against it
 */
public record PolicyFigures(String policy, List<SweepRun> runs, Map<Metric, Estimate> estimates,
        @Nullable String complaint) {
    static PolicyFigures of(String policy, List<SweepRun> runs) {
        List<ShootdownResult> results = runs.stream().map(SweepRun::result).filter(Objects::nonNull).toList();
        Map<Metric, Estimate> estimates = new EnumMap<>(Metric.class);
        if (!results.isEmpty()) {
            for (Metric metric : Metric.values()) {
                estimates.put(metric, Estimate.of(results.stream().mapToDouble(metric::of).toArray()));
            }
        }
        String complaint = runs.stream().map(SweepRun::complaint).filter(Objects::nonNull).findFirst().orElse(null);
        return new PolicyFigures(policy, runs, estimates, complaint);
    }

    /** {@return whether no run broke off or violated the policy's contract} */
    public boolean isSafe() {
        return complaint == null;
    }

    /**
     * Returns a metric over the seeds.
     *
     * @throws IllegalStateException when each run broke off
     */
    public Estimate estimate(Metric metric) {
        Estimate estimate = estimates.get(metric);
        if (estimate == null) {
            throw new IllegalStateException(policy + " has no figures: " + complaint);
        }
        return estimate;
    }
}
