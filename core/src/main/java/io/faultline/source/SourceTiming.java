package io.faultline.source;

import io.faultline.registry.InvalidInputException;
import io.faultline.time.SplitMix;

/**
 * How slow and how faulty a source is: data that the world applies around plain reads. Which reads fail or stall
 * depends on the seed, the page and the attempt alone, so it is the same in every world.
 *
 * @param latencyNanos from a read's start until its bytes begin to arrive
 * @param bytesPerSecond at which all reads together arrive; 0 means without limit
 * @param errorRate the share of reads that fail, from 0 to 1
 * @param stallRate the share of reads that stall, from 0 to 1
 * @param stallNanos for how long a stalled read waits on top of the latency
 */
public record SourceTiming(long latencyNanos, long bytesPerSecond, double errorRate, double stallRate,
        long stallNanos) {
    /** A source that takes no time and never fails. */
    public static final SourceTiming INSTANT = new SourceTiming(0, 0, 0, 0, 0);

    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final long ERROR_SALT = 0x6572726f72L;
    private static final long STALL_SALT = 0x7374616c6cL;

    public SourceTiming {
        check(latencyNanos >= 0, "the source's latency must be at least 0 ns, not " + latencyNanos);
        check(bytesPerSecond >= 0, "the source's rate must be at least 0 B/s, not " + bytesPerSecond);
        check(errorRate >= 0 && errorRate <= 1, "the source's error rate must be from 0 to 1, not " + errorRate);
        check(stallRate >= 0 && stallRate <= 1, "the source's stall rate must be from 0 to 1, not " + stallRate);
        check(stallNanos >= 0, "the source's stall must be at least 0 ns, not " + stallNanos);
    }

    private static void check(boolean right, String message) {
        if (!right) {
            throw new InvalidInputException(message);
        }
    }

    /**
     * Returns the same with another latency.
     *
     * @param nanos at least 0
     */
    public SourceTiming withLatencyNanos(long nanos) {
        return new SourceTiming(nanos, bytesPerSecond, errorRate, stallRate, stallNanos);
    }

    /**
     * Returns the same with another rate.
     *
     * @param rate in bytes per second, or 0 for no limit
     */
    public SourceTiming withBytesPerSecond(long rate) {
        return new SourceTiming(latencyNanos, rate, errorRate, stallRate, stallNanos);
    }

    /**
     * Returns the same with another error rate.
     *
     * @param rate from 0 to 1
     */
    public SourceTiming withErrorRate(double rate) {
        return new SourceTiming(latencyNanos, bytesPerSecond, rate, stallRate, stallNanos);
    }

    /**
     * Returns the same with other stalls.
     *
     * @param rate the share of reads that stall, from 0 to 1
     * @param nanos for how long each
     */
    public SourceTiming withStalls(double rate, long nanos) {
        return new SourceTiming(latencyNanos, bytesPerSecond, errorRate, rate, nanos);
    }

    /** Tells whether reads take no time, so that nothing need be applied. */
    public boolean isInstant() {
        return latencyNanos == 0 && bytesPerSecond == 0 && (stallRate == 0 || stallNanos == 0);
    }

    /**
     * Returns how long the link is busy with some bytes, rounded up.
     *
     * @param bytes at least 0
     * @return nanoseconds, without the latency; 0 when the rate has no limit
     */
    public long transferNanos(long bytes) {
        if (bytesPerSecond == 0) {
            return 0;
        }
        // In two parts, because bytes * 10^9 would overflow beyond 9 GB.
        double fraction = (double) (bytes % bytesPerSecond) * NANOS_PER_SECOND / bytesPerSecond;
        return Math.addExact(Math.multiplyExact(bytes / bytesPerSecond, NANOS_PER_SECOND), (long) Math.ceil(fraction));
    }

    /**
     * Tells whether a read fails.
     *
     * @param seed of the run
     * @param page the first page read
     * @param attempt counted from 0 for each page
     */
    public boolean isError(long seed, long page, int attempt) {
        return draw(seed ^ ERROR_SALT, page, attempt) < errorRate;
    }

    /**
     * Returns for how long a read stalls.
     *
     * @param seed of the run
     * @param page the first page read
     * @param attempt counted from 0 for each page
     * @return nanoseconds on top of the latency, mostly 0
     */
    public long stallNanos(long seed, long page, int attempt) {
        return draw(seed ^ STALL_SALT, page, attempt) < stallRate ? stallNanos : 0;
    }

    /** From 0 to below 1. */
    private static double draw(long seed, long page, int attempt) {
        return new SplitMix(seed).split(page).split(attempt).nextDouble();
    }
}
