package io.faultline.bench.measure;

/**
 * What a contender did in some time.
 *
 * @param accesses units of the job
 * @param faults those of them that had to wait for somebody else; the rates are of these
 * @param haltedNanos how long all of them together waited; 0 when that was not measured
 * @param nanos how long it took, on the monotonic clock
 */
public record Work(long accesses, long faults, long haltedNanos, long nanos) {
    /** Nothing, in no time. */
    public static final Work NONE = new Work(0, 0, 0, 0);

    public Work {
        if (accesses < 0 || faults < 0 || faults > accesses || haltedNanos < 0 || nanos < 0) {
            throw new IllegalArgumentException(
                    accesses + " accesses, " + faults + " of them faults, halted " + haltedNanos + " ns, in " + nanos
                            + " ns");
        }
    }

    /** Both together. */
    public Work plus(Work other) {
        return new Work(accesses + other.accesses, faults + other.faults, haltedNanos + other.haltedNanos,
                nanos + other.nanos);
    }
}
