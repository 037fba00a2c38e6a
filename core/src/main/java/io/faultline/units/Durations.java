package io.faultline.units;

import java.util.List;

/** Durations: always nanoseconds inside, with a unit outside. */
public final class Durations {
    private static final List<Quantity.Unit> UNITS = List.of(new Quantity.Unit("ns", 1),
            new Quantity.Unit("us", 1_000), new Quantity.Unit("\u00b5s", 1_000), new Quantity.Unit("\u03bcs", 1_000),
            new Quantity.Unit("ms", 1_000_000), new Quantity.Unit("s", 1_000_000_000),
            new Quantity.Unit("min", 60_000_000_000L));

    private static final Quantity QUANTITY = new Quantity("a duration", "50us", UNITS);

    private Durations() {}

    /**
     * Reads a duration such as {@code 50us}, {@code 1.5ms} or {@code 10s}.
     *
     * @param text with its unit: ns, us (or with either sign for micro), ms, s, min
     * @return nanoseconds, at least zero
     * @throws io.faultline.registry.InvalidInputException when it is anything else, or finer than a nanosecond
     */
    public static long parseNanos(String text) {
        return QUANTITY.parse(text);
    }

    /**
     * As {@link #parseNanos}, and refuses zero.
     *
     * @param text with its unit
     * @return nanoseconds, more than zero
     * @throws io.faultline.registry.InvalidInputException when it is anything else
     */
    public static long parsePositiveNanos(String text) {
        return QUANTITY.parsePositive(text);
    }

    /**
     * Prints a duration for people, to three digits: {@code 1.23 ms}, {@code 2.50 min}.
     *
     * @param nanos of either sign
     */
    public static String format(long nanos) {
        double magnitude = Math.abs((double) nanos);
        if (magnitude < 1_000) {
            return nanos + " ns";
        } else if (magnitude < 999_500) {
            return Counts.threeDigits(nanos / 1e3) + " \u00b5s";
        } else if (magnitude < 999_500_000) {
            return Counts.threeDigits(nanos / 1e6) + " ms";
        } else if (magnitude < 120e9) {
            return Counts.threeDigits(nanos / 1e9) + " s";
        }
        return Counts.threeDigits(nanos / 60e9) + " min";
    }
}
