package io.faultline.lab.sweep;

import java.util.Arrays;

import org.apache.commons.statistics.distribution.TDistribution;

/**
 * A figure over several seeds.
 *
 * @param mean of them
 * @param halfWidth the mean's 95 % interval by Student's t is this far to either side; NaN when there is one seed only
 * @param least of them
 * @param most of them
 */
public record Estimate(double mean, double halfWidth, double least, double most) {
    private static final double UPPER_TAIL = 0.025;

    /**
     * Estimates.
     *
     * @param values one for each seed, at least one
     */
    static Estimate of(double[] values) {
        double mean = Arrays.stream(values).average().orElseThrow(() -> new IllegalArgumentException("no values"));
        double least = Arrays.stream(values).min().orElseThrow();
        double most = Arrays.stream(values).max().orElseThrow();
        if (least == most) {
            mean = least; // Not a rounding error beside it.
        }
        return new Estimate(mean, halfWidth(values, mean), least, most);
    }

    private static double halfWidth(double[] values, double mean) {
        int degrees = values.length - 1;
        if (degrees == 0) {
            return Double.NaN;
        }
        double squares = Arrays.stream(values).map(value -> (value - mean) * (value - mean)).sum();
        double quantile = TDistribution.of(degrees).inverseSurvivalProbability(UPPER_TAIL);
        return quantile * Math.sqrt(squares / degrees / values.length);
    }

    /** {@return whether the two intervals have a value in common; a single seed's is taken for exact} */
    boolean overlaps(Estimate other) {
        return Math.abs(mean - other.mean) <= width() + other.width();
    }

    private double width() {
        return Double.isNaN(halfWidth) ? 0 : halfWidth;
    }
}
