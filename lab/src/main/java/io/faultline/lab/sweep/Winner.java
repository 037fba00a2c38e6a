package io.faultline.lab.sweep;

import java.util.ArrayList;
import java.util.List;

/**
 * Who is best at a goal in a scene.
 *
 * @param goal at what
 * @param policies those with the best mean: several when they are exactly alike
 * @param contenders the others whose 95 % interval has a value in common with the winners'
 */
public record Winner(Goal goal, List<String> policies, List<String> contenders) {
    /**
     * Judges.
     *
     * @param safe policies that are, at least one
     */
    static Winner of(Goal goal, List<PolicyFigures> safe) {
        PolicyFigures best = safe.getFirst();
        for (PolicyFigures each : safe) {
            if (goal.isBetter(each.estimate(goal.metric()), best.estimate(goal.metric()))) {
                best = each;
            }
        }
        Estimate bar = best.estimate(goal.metric());
        List<String> winners = new ArrayList<>();
        List<String> contenders = new ArrayList<>();
        for (PolicyFigures each : safe) {
            Estimate estimate = each.estimate(goal.metric());
            if (!goal.isBetter(bar, estimate)) {
                winners.add(each.policy());
            } else if (estimate.overlaps(bar)) {
                contenders.add(each.policy());
            }
        }
        return new Winner(goal, winners, contenders);
    }
}
