package io.faultline.lab.series;

import java.util.Arrays;

/**
 * What a machine did over time, read off {@link RunSeries}: a number for each of a few hundred buckets of the same width,
 * the last of which may be cut short by the end.
 */
public final class OverTime {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final int SIGNALS = Signal.COUNT;
    private static final int PEAKS = Peak.COUNT;

    private final long widthNanos;
    private final int buckets;
    private final long endNanos;
    private final long[] counts;
    private final double[] intoNanos;
    private final long[] peaks;

    OverTime(long widthNanos, int buckets, long endNanos, long[] counts, double[] intoNanos, long[] peaks) {
        this.widthNanos = widthNanos;
        this.buckets = buckets;
        this.endNanos = endNanos;
        this.counts = counts;
        this.intoNanos = intoNanos;
        this.peaks = peaks;
    }

    /** Whether any time passed; without, everything happened at once and there is nothing to see over time. */
    public boolean hasTime() {
        return endNanos > 0;
    }

    /** When the last thing happened, since the run began. */
    public long endNanos() {
        return endNanos;
    }

    /** How wide a bucket is. */
    public long widthNanos() {
        return widthNanos;
    }

    /** The middles of the buckets, in nanoseconds since the run began. */
    public double[] nanos() {
        double[] middles = new double[buckets];
        Arrays.setAll(middles, bucket -> bucket * (double) widthNanos + lengthNanos(bucket) / 2);
        return middles;
    }

    /** How much of a signal there was in all. */
    public long total(Signal signal) {
        long sum = 0;
        for (int bucket = 0; bucket < buckets; bucket++) {
            sum += count(signal, bucket);
        }
        return sum;
    }

    /** A signal's rate in each bucket. */
    public double[] perSecond(Signal signal) {
        double[] rates = new double[buckets];
        Arrays.setAll(rates, bucket -> count(signal, bucket) * NANOS_PER_SECOND / lengthNanos(bucket));
        return rates;
    }

    /** One signal divided by another in each bucket; NaN where there was none of the other. */
    public double[] ratio(Signal of, Signal to) {
        double[] ratios = new double[buckets];
        Arrays.setAll(ratios, bucket -> {
            long divisor = count(to, bucket);
            return divisor == 0 ? Double.NaN : (double) count(of, bucket) / divisor;
        });
        return ratios;
    }

    /** A peak in each bucket; NaN where it was 0, as it is where nothing happened. */
    public double[] highest(Peak peak) {
        double[] heights = new double[buckets];
        Arrays.setAll(heights, bucket -> {
            long height = peaks[bucket * PEAKS + peak.index()];
            return height == 0 ? Double.NaN : height;
        });
        return heights;
    }

    /**
     * The mean over each bucket's time of what begins at 0, rises with one signal and falls with others; exact but for
     * rounding, however often buckets were merged. On threads the clocks of two that tell of it may be a little apart, so
     * what would be below 0 is 0.
     */
    public double[] meanLevel(Signal rises, Signal... falls) {
        double[] means = new double[buckets];
        long level = 0;
        for (int bucket = 0; bucket < buckets; bucket++) {
            double area = level * lengthNanos(bucket) + area(rises, bucket);
            level += count(rises, bucket);
            for (Signal fall : falls) {
                area -= area(fall, bucket);
                level -= count(fall, bucket);
            }
            means[bucket] = Math.max(0, area / lengthNanos(bucket));
        }
        return means;
    }

    /** How much of a bucket's length each thing counted lasted until its end, added up. */
    private double area(Signal signal, int bucket) {
        return count(signal, bucket) * lengthNanos(bucket) - intoNanos[bucket * SIGNALS + signal.index()];
    }

    private long count(Signal signal, int bucket) {
        return counts[bucket * SIGNALS + signal.index()];
    }

    /** At least 1, so that what happens in the very last nanosecond divides by something. */
    private double lengthNanos(int bucket) {
        return bucket < buckets - 1 ? widthNanos : Math.max(1, endNanos - bucket * (double) widthNanos);
    }
}
