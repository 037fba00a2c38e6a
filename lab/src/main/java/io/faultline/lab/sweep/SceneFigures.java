package io.faultline.lab.sweep;

import java.util.Arrays;
import java.util.List;

/**
 * The policies side by side in one scene.
 *
 * @param scene which
 * @param policies in the plan's order, without those that were skipped
 * @param pareto those that none beats
 * @param winners by goal; none when no policy is safe
 */
public record SceneFigures(Scene scene, List<PolicyFigures> policies, List<PolicyFigures> pareto,
        List<Winner> winners) {
    static SceneFigures of(Scene scene, List<PolicyFigures> policies) {
        List<PolicyFigures> safe = policies.stream().filter(PolicyFigures::isSafe).toList();
        List<Winner> winners =
                safe.isEmpty() ? List.of() : Arrays.stream(Goal.values()).map(goal -> Winner.of(goal, safe)).toList();
        return new SceneFigures(scene, policies, ParetoFront.of(policies), winners);
    }
}
