package io.faultline.stream;

/**
 * The generic cell rate algorithm of ATM (ITU-T I.371, annex A, "virtual scheduling"): R bytes a second on average, with
 * a burst ahead of that. One time stamp of state; no drift, because the fraction of a nanosecond that a division leaves
 * is carried over. Not thread-safe, and without a clock: the caller says what time it is.
 */
public final class Gcra {
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final long bytesPerSecond;
    private final long toleranceNanos;
    /** When all that has passed would have passed at exactly the rate: this many nanoseconds and a fraction. */
    private long theoreticalNanos = Long.MIN_VALUE;
    /** In units of 1/bytesPerSecond nanoseconds. */
    private long fraction;

    /**
     * A limit that nothing has passed yet.
     *
     * @param bytesPerSecond the rate, positive
     * @param burstBytes how far what passes may run ahead of the rate; at 0 each element waits out the one before
     */
    public Gcra(long bytesPerSecond, long burstBytes) {
        if (bytesPerSecond <= 0) {
            throw new IllegalArgumentException("the rate is " + bytesPerSecond + " bytes/s, but must be positive");
        }
        if (burstBytes < 0) {
            throw new IllegalArgumentException("the burst is " + burstBytes + " bytes, but must not be negative");
        }
        this.bytesPerSecond = bytesPerSecond;
        this.toleranceNanos = Math.multiplyExact(burstBytes, NANOS_PER_SECOND) / bytesPerSecond;
    }

    /**
     * How long the next element must wait, whatever its size: what passes is paid for afterwards.
     *
     * @param nowNanos the present instant, on the clock of the caller's choice
     * @return nanoseconds from now, 0 when it may pass
     */
    public long waitNanos(long nowNanos) {
        long due = wholeNanos();
        return due <= nowNanos ? 0 : Math.max(0, due - nowNanos - toleranceNanos);
    }

    /**
     * Lets an element pass.
     *
     * @param nowNanos the present instant; {@link #waitNanos} must be 0 at it
     * @param bytes its size, at least 0 and below 9 GB
     * @throws IllegalStateException when it comes too early
     */
    public void pass(long nowNanos, long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("the size is " + bytes + " bytes, but must not be negative");
        }
        long early = waitNanos(nowNanos);
        if (early > 0) {
            throw new IllegalStateException(bytes + " bytes passed the limit of " + bytesPerSecond + " bytes/s "
                    + early + " ns too early");
        }
        // Idle time is not saved up. Passing in the very nanosecond it was due is not idling: the fraction stays.
        if (wholeNanos() < nowNanos) {
            theoreticalNanos = nowNanos;
            fraction = 0;
        }
        long due = Math.addExact(Math.multiplyExact(bytes, NANOS_PER_SECOND), fraction);
        theoreticalNanos = Math.addExact(theoreticalNanos, due / bytesPerSecond);
        fraction = due % bytesPerSecond;
    }

    /** {@return the first whole nanosecond that is not before the theoretical time} */
    private long wholeNanos() {
        return fraction > 0 ? theoreticalNanos + 1 : theoreticalNanos;
    }
}
