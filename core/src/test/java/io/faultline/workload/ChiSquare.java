package io.faultline.workload;

import java.util.Arrays;

/** Pearson's test of counts against exact probabilities. */
final class ChiSquare {
    private static final double LEAST_EXPECTED = 10;

    private ChiSquare() {}

    /**
     * How far the statistic is from its mean, in standard deviations: normal by Wilson and Hilferty's cube root.
     * Beyond 4.5 of them lie seven in a million honest samples. Neighbours too rare to test alone are taken together.
     */
    static double deviations(long[] counts, double[] probabilities) {
        double total = Arrays.stream(counts).sum();
        double statistic = 0;
        double observed = 0;
        double expected = 0;
        int cells = 0;
        for (int i = 0; i < counts.length; i++) {
            observed += counts[i];
            expected += total * probabilities[i];
            if (expected >= LEAST_EXPECTED || i == counts.length - 1) {
                statistic += (observed - expected) * (observed - expected) / Math.max(expected, 1e-300);
                cells++;
                observed = 0;
                expected = 0;
            }
        }
        double freedom = cells - 1;
        double spread = 2 / (9 * freedom);
        return (Math.cbrt(statistic / freedom) - (1 - spread)) / Math.sqrt(spread);
    }
}
