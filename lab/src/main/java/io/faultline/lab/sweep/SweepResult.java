package io.faultline.lab.sweep;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All that a sweep came to: what tables, files and pages are made from. The same plan gives the same result.
 *
 * @param plan what was asked for
 * @param runs in the plan's order
 * @param skipped what did not fit together
 * @param scenes the runs summed up, in the plan's order
 */
public record SweepResult(SweepPlan plan, List<SweepRun> runs, List<Skipped> skipped, List<SceneFigures> scenes) {
    /**
     * Sums up.
     *
     * @param matrix what was run
     * @param runs one for each of its points, in their order
     */
    public static SweepResult of(SweepMatrix matrix, List<SweepRun> runs) {
        Map<Scene, Map<String, List<SweepRun>>> sorted = new LinkedHashMap<>();
        for (SweepRun run : runs) {
            sorted.computeIfAbsent(run.point().scene(), scene -> new LinkedHashMap<>())
                    .computeIfAbsent(run.point().policy(), policy -> new ArrayList<>())
                    .add(run);
        }
        List<SceneFigures> scenes = new ArrayList<>();
        sorted.forEach((scene, byPolicy) -> {
            List<PolicyFigures> policies = new ArrayList<>();
            byPolicy.forEach((policy, its) -> policies.add(PolicyFigures.of(policy, List.copyOf(its))));
            scenes.add(SceneFigures.of(scene, List.copyOf(policies)));
        });
        return new SweepResult(matrix.plan(), List.copyOf(runs), matrix.skipped(), List.copyOf(scenes));
    }

    /** {@return the runs that broke off or violated their policy's contract} */
    public List<SweepRun> unsafe() {
        return runs.stream().filter(run -> run.complaint() != null).toList();
    }
}
