package io.faultline.lab.series;

import java.util.Arrays;

/**
 * Counts and peaks over time, in at most so many buckets: when time goes beyond the last, two neighbours become one. So it
 * takes the same memory for a millisecond and for a day, and always shows at least half as many buckets as it has.
 *
 * <p>Beside each count stands the sum of how far into its bucket what was counted happened, from which the mean of a level
 * that rises with one signal and falls with another follows exactly, also after buckets were merged.
 *
 * <p>Each method takes the object's lock, which costs little where every thread has buckets of its own.
 */
final class Buckets {
    /** A power of two. */
    static final int CAPACITY = 256;

    private static final int SIGNALS = Signal.COUNT;
    private static final int PEAKS = Peak.COUNT;

    private final long[] counts = new long[CAPACITY * SIGNALS];
    private final double[] intoNanos = new double[CAPACITY * SIGNALS];
    private final long[] peaks = new long[CAPACITY * PEAKS];
    private int shift;
    private long lastNanos = -1;

    /** Counts something. */
    synchronized void add(Signal signal, long nanos, long amount) {
        int bucket = bucketOf(nanos);
        int cell = bucket * SIGNALS + signal.index();
        counts[cell] += amount;
        intoNanos[cell] += (double) amount * (nanos - ((long) bucket << shift));
    }

    /** Keeps something if it is the highest of its time. */
    synchronized void peak(Peak peak, long nanos, long height) {
        int cell = bucketOf(nanos) * PEAKS + peak.index();
        peaks[cell] = Math.max(peaks[cell], height);
    }

    private int bucketOf(long nanos) {
        assert nanos >= 0 : nanos;
        lastNanos = Math.max(lastNanos, nanos);
        while (nanos >>> shift >= CAPACITY) {
            halve();
        }
        return (int) (nanos >>> shift);
    }

    private void halve() {
        long widthNanos = 1L << shift;
        for (int bucket = 0; bucket < CAPACITY; bucket += 2) {
            for (int signal = 0; signal < SIGNALS; signal++) {
                int even = bucket * SIGNALS + signal;
                int odd = even + SIGNALS;
                int merged = bucket / 2 * SIGNALS + signal;
                double into = intoNanos[even] + intoNanos[odd] + (double) counts[odd] * widthNanos;
                counts[merged] = counts[even] + counts[odd];
                intoNanos[merged] = into;
            }
            for (int peak = 0; peak < PEAKS; peak++) {
                int even = bucket * PEAKS + peak;
                peaks[bucket / 2 * PEAKS + peak] = Math.max(peaks[even], peaks[even + PEAKS]);
            }
        }
        clearUpperHalf();
        shift++;
    }

    private void clearUpperHalf() {
        Arrays.fill(counts, counts.length / 2, counts.length, 0);
        Arrays.fill(intoNanos, intoNanos.length / 2, intoNanos.length, 0);
        Arrays.fill(peaks, peaks.length / 2, peaks.length, 0);
    }

    /** Adds what another has, which is being written to no more or is this thread's own. */
    synchronized void addAll(Buckets other) {
        synchronized (other) {
            if (other.lastNanos < 0) {
                return;
            }
            var _ = bucketOf(other.lastNanos);
            while (shift < other.shift) {
                halve();
            }
            while (other.shift < shift) {
                other.halve();
            }
            for (int cell = 0; cell < counts.length; cell++) {
                counts[cell] += other.counts[cell];
                intoNanos[cell] += other.intoNanos[cell];
            }
            for (int cell = 0; cell < peaks.length; cell++) {
                peaks[cell] = Math.max(peaks[cell], other.peaks[cell]);
            }
        }
    }

    /** What was counted, as it is now. */
    synchronized OverTime overTime() {
        int used = lastNanos < 0 ? 0 : (int) (lastNanos >>> shift) + 1;
        return new OverTime(1L << shift, used, Math.max(lastNanos, 0), counts.clone(), intoNanos.clone(),
                peaks.clone());
    }
}
