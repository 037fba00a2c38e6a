package io.faultline.workload;

import java.util.OptionalDouble;
import java.util.OptionalLong;

import io.faultline.registry.InvalidInputException;

/**
 * A pattern of accesses, and optionally how many of them and how many of those write.
 *
 * <p>Immutable and thread-safe: {@link #sequence} may be called from any thread, and its answer depends only on its
 * arguments. To write one's own, implement {@link #name} and {@link #sequence}, usually by extending
 * {@link DealtSequence}.
 */
public interface Workload {
    /** Returns what the user types to get it, parameters included: {@code zipf:1.1}. */
    String name();

    /**
     * Returns what one vCPU does.
     *
     * @param shape the whole run's numbers
     * @param vcpu its index, below {@code shape.vcpus()}
     * @return a new cursor before the first access
     */
    AccessSequence sequence(WorkloadShape shape, int vcpu);

    /**
     * Refuses a shape that it cannot work with. Called by {@link WorkloadShape#of}, so before any work is done for a run.
     *
     * @param shape the whole run's numbers
     * @throws InvalidInputException saying what does not fit and what would; by default, every shape will do
     */
    default void check(WorkloadShape shape) {}

    /**
     * Returns how many accesses all vCPUs make together when neither this workload nor anyone else says.
     *
     * @param vcpus how many vCPUs
     * @param pages how many pages the memory has
     * @return by default {@link WorkloadShape#DEFAULT_ACCESSES_PER_PAGE} per page
     */
    default long defaultAccesses(int vcpus, long pages) {
        return Math.multiplyExact(WorkloadShape.DEFAULT_ACCESSES_PER_PAGE, pages);
    }

    /** Returns how many accesses all vCPUs make together, where this workload says so. */
    default OptionalLong accesses() {
        return OptionalLong.empty();
    }

    /** Returns how many of the accesses write, from 0 to 1, where this workload says so. */
    default OptionalDouble writeRatio() {
        return OptionalDouble.empty();
    }

    /**
     * Returns the same pattern with a number of accesses of its own.
     *
     * @param count of all vCPUs together, at least zero
     * @throws InvalidInputException when it is negative
     */
    default Workload accesses(long count) {
        return new ConfiguredWorkload(this, OptionalLong.of(count), writeRatio());
    }

    /**
     * Returns the same pattern with a share of writes of its own.
     *
     * @param ratio from 0, all reads, to 1, all writes
     * @throws InvalidInputException when it is outside that
     */
    default Workload writeRatio(double ratio) {
        return new ConfiguredWorkload(this, accesses(), OptionalDouble.of(ratio));
    }
}
