package io.faultline.lab.sweep;

import java.util.List;

/**
 * The policies of a scene that none beats: no other is at least as good in interrupts a page, worst staleness and p99
 * stall, and better in one of them. Means over the seeds, but for the staleness, which is the worst of any seed.
 */
final class ParetoFront {
    private ParetoFront() {}

    /** Those of the front, in the order given. Unsafe policies have no part in it. */
    static List<PolicyFigures> of(List<PolicyFigures> all) {
        List<PolicyFigures> safe = all.stream().filter(PolicyFigures::isSafe).toList();
        return safe.stream().filter(one -> safe.stream().noneMatch(rival -> dominates(rival, one))).toList();
    }

    private static boolean dominates(PolicyFigures winner, PolicyFigures loser) {
        double[] mine = axes(winner);
        double[] others = axes(loser);
        boolean better = false;
        for (int axis = 0; axis < mine.length; axis++) {
            if (mine[axis] > others[axis]) {
                return false;
            }
            better |= mine[axis] < others[axis];
        }
        return better;
    }

    private static double[] axes(PolicyFigures figures) {
        return new double[]{figures.estimate(Metric.IPIS_PER_PAGE).mean(),
            figures.estimate(Metric.STALENESS_MAX).most(), figures.estimate(Metric.STALL_P99).mean()};
    }
}
