package io.faultline.machine;

import org.HdrHistogram.Histogram;

/**
 * How a duration was spread over many events, in nanoseconds; all zeros when there was no event.
 *
 * @param p50 half of the events took no longer than this
 * @param p99 99 % took no longer
 * @param p999 99.9 % took no longer
 * @param max the longest
 * @param mean the arithmetic mean, rounded down
 */
public record Percentiles(long p50, long p99, long p999, long max, long mean) {
    /** No event at all. */
    public static final Percentiles NONE = new Percentiles(0, 0, 0, 0, 0);

    /** The figures of a histogram of nanoseconds, which must not be written to meanwhile. */
    public static Percentiles of(Histogram nanos) {
        if (nanos.getTotalCount() == 0) {
            return NONE;
        }
        return new Percentiles(nanos.getValueAtPercentile(50), nanos.getValueAtPercentile(99),
                nanos.getValueAtPercentile(99.9), nanos.getMaxValue(), (long) nanos.getMean());
    }
}
