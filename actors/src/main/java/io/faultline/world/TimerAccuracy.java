package io.faultline.world;

/**
 * How late a world's timer delivered, in nanoseconds; it never delivers early.
 *
 * @param deliveries how many were made
 * @param lateMeanNanos mean lateness, 0 when there were none
 * @param lateP50Nanos median lateness
 * @param lateP99Nanos 99th percentile
 * @param lateMaxNanos greatest lateness
 */
public record TimerAccuracy(
        long deliveries, double lateMeanNanos, long lateP50Nanos, long lateP99Nanos, long lateMaxNanos) {
    /**
     * A timer that is exact, as virtual time is, or that has delivered nothing.
     *
     * @param deliveries how many were made
     * @return an accuracy without any lateness
     */
    public static TimerAccuracy exact(long deliveries) {
        return new TimerAccuracy(deliveries, 0.0, 0, 0, 0);
    }
}
