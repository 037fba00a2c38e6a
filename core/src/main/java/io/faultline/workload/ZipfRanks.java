package io.faultline.workload;

import io.faultline.time.SplitMix;

/**
 * Draws ranks from 1 to n, rank k in proportion to k<sup>-s</sup>, in constant time and memory for any n and s above 0.
 *
 * <p>Rejection-inversion: W. Hörmann and G. Derflinger, "Rejection-Inversion to Generate Variates from Monotone
 * Discrete Distributions", ACM TOMACS 6(3), 1996. The histogram of the probabilities lies under the hat
 * h(x) = x<sup>-s</sup>; a number drawn uniformly under the hat's integral H is inverted, rounded to a rank, and
 * rejected when it fell outside the rank's bar. At most a few draws in a hundred are rejected.
 */
final class ZipfRanks {
    private final long count;
    private final double exponent;
    /** The hat's integral where rank 1's bar begins: the bar is cut to its true width, so rank 1 is never rejected. */
    private final double integralAtStart;
    private final double integralAtEnd;
    /** Rounded up by no more than this, a point is surely inside its bar: saves most evaluations of H. */
    private final double surelyInside;

    ZipfRanks(long count, double exponent) {
        this.count = count;
        this.exponent = exponent;
        integralAtStart = integral(1.5) - 1;
        integralAtEnd = integral(count + 0.5);
        surelyInside = 2 - inverseOfIntegral(integral(2.5) - hat(2));
    }

    /**
     * Draws one.
     *
     * @param random advances by one number per try
     * @return a rank, from 1
     */
    long next(SplitMix random) {
        while (true) {
            double u = integralAtEnd + random.nextDouble() * (integralAtStart - integralAtEnd);
            double x = inverseOfIntegral(u);
            // Rounding errors alone can lead outside.
            long rank = Math.clamp(Math.round(x), 1, count);
            if (rank - x <= surelyInside || u >= integral(rank + 0.5) - hat((double) rank)) {
                return rank;
            }
        }
    }

    private double hat(double x) {
        return Math.exp(-exponent * Math.log(x));
    }

    /** H(x): (x^(1-s) - 1) / (1-s), which tends to log x as s tends to 1. */
    private double integral(double x) {
        double logX = Math.log(x);
        return expm1Over((1 - exponent) * logX) * logX;
    }

    private double inverseOfIntegral(double y) {
        // Below -1, by rounding, there would be no logarithm.
        double t = Math.max(-1, y * (1 - exponent));
        return Math.exp(log1pOver(t) * y);
    }

    /** (e^t - 1) / t, by its series where the quotient would lose its digits. */
    private static double expm1Over(double t) {
        return Math.abs(t) > 1e-8 ? Math.expm1(t) / t : 1 + t / 2 * (1 + t / 3);
    }

    /** log(1 + t) / t, by its series where the quotient would lose its digits. */
    private static double log1pOver(double t) {
        return Math.abs(t) > 1e-8 ? Math.log1p(t) / t : 1 - t * (0.5 - t / 3);
    }
}
