package io.faultline.shootdown;

import org.HdrHistogram.Histogram;

/**
 * How long the thread of one CPU stood still for others' flushes at a stretch: interrupts that are served one right after
 * the other are one gap to it. Not thread-safe: the CPU's actor owns it.
 */
final class VictimGaps {
    private final Histogram gapNanos;
    private long beganNanos;
    private long endNanos;

    /**
     * @param gapNanos where gaps go; other CPUs' too
     */
    VictimGaps(Histogram gapNanos) {
        this.gapNanos = gapNanos;
    }

    /** A handler takes time, beginning now; later than any before it. */
    void stolen(long nowNanos, long nanos) {
        if (nowNanos > endNanos) {
            close();
            beganNanos = nowNanos;
        }
        endNanos = nowNanos + nanos;
    }

    /** Whatever comes next is another gap. */
    void close() {
        if (endNanos > beganNanos) {
            gapNanos.recordValue(endNanos - beganNanos);
        }
        beganNanos = endNanos;
    }
}
