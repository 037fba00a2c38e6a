package io.faultline.lab.html;

import java.util.Locale;

import io.faultline.units.Counts;
import io.faultline.units.Durations;
import io.faultline.units.MemorySize;
import io.faultline.units.Rates;

/** What a number measures, and so how it is written: in tables by this class, on axes by the page's script. */
public enum Measure {
    /** How many of something; a mean of such need not be whole. */
    COUNT,
    /** A duration or a time, in nanoseconds. */
    NANOS,
    /** Bytes. */
    BYTES,
    /** Events a second. */
    PER_SECOND,
    /** A part of the whole, from 0 to 1. */
    SHARE,
    /** One thing for each of another. */
    RATIO;

    /**
     * Writes a number for people, with its unit.
     *
     * @param value in the unit of this measure
     */
    public String format(double value) {
        return switch (this) {
            case COUNT -> count(value);
            case NANOS -> Durations.format(Math.round(value));
            case BYTES -> MemorySize.format(Math.round(value));
            case PER_SECOND -> Rates.formatPerSecond(value);
            case SHARE -> Counts.percent(value, 1);
            case RATIO -> String.format(Locale.ROOT, "%.3g", value);
        };
    }

    private static String count(double value) {
        return Double.compare(value, Math.rint(value)) == 0
                ? Counts.format((long) value)
                : String.format(Locale.ROOT, "%,.1f", value);
    }
}
