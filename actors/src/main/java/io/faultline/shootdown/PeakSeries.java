package io.faultline.shootdown;

import java.util.ArrayList;
import java.util.List;

/**
 * The peaks of a level over time, in a bounded number of slots that double their width whenever the run outgrows them.
 * Not thread-safe.
 */
final class PeakSeries {
    private static final int SLOTS = 128;
    private static final long FIRST_SLOT_NANOS = 1_000;

    private final long[] peaks = new long[SLOTS];
    private long slotNanos = FIRST_SLOT_NANOS;
    private int slot;
    private long level;
    private long peak;

    /** The level changes. */
    void add(long delta, long nowNanos) {
        advance(nowNanos);
        level += delta;
        assert level >= 0 : "a level of " + level;
        peaks[slot] = Math.max(peaks[slot], level);
        peak = Math.max(peak, level);
    }

    private void advance(long nowNanos) {
        while (nowNanos / slotNanos >= SLOTS) {
            widen();
        }
        while (slot < nowNanos / slotNanos) {
            slot++;
            peaks[slot] = level;
        }
    }

    private void widen() {
        for (int index = 0; index < SLOTS / 2; index++) {
            peaks[index] = Math.max(peaks[2 * index], peaks[2 * index + 1]);
        }
        for (int index = SLOTS / 2; index < SLOTS; index++) {
            peaks[index] = 0;
        }
        slot /= 2;
        slotNanos *= 2;
    }

    long peak() {
        return peak;
    }

    long slotNanos() {
        return slotNanos;
    }

    /** Until now. */
    List<Long> values(long nowNanos) {
        advance(nowNanos);
        List<Long> values = new ArrayList<>(slot + 1);
        for (int index = 0; index <= slot; index++) {
            values.add(peaks[index]);
        }
        return List.copyOf(values);
    }
}
