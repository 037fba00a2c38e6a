package io.faultline.flush;

import java.util.Set;

import io.faultline.units.Durations;

/**
 * P17: unmapped ranges wait in a ring and are freed after a flush of everything that began later; the ring is flushed when
 * it is full or when the time is up. A request that finds the ring full waits for the flush. As the flush queue of an
 * IOMMU: 256 entries per CPU and 10 ms, or one queue of 32768 entries and 1 s. Unmaps only: a moved page lives on elsewhere,
 * so that keeping its frame back would not help.
 *
 * <p>Source: {@code queue_iova} and {@code fq_flush_iotlb} in drivers/iommu/dma-iommu.c, Linux.
 *
 * @param size how many ranges each initiator's queue has room for
 * @param timeoutNanos how long a range may wait for the queue to fill
 * @param flusher does the flushing
 */
public record FlushQueuePolicy(int size, long timeoutNanos, FlushPolicy flusher) implements LayeredPolicy {
    /** {@code IOVA_DEFAULT_FQ_SIZE}. */
    public static final int DEFAULT_RANGES = 256;

    /** {@code IOVA_DEFAULT_FQ_TIMEOUT}, 10 ms. */
    public static final long DEFAULT_TIMEOUT_NANOS = 10_000_000;

    /** Checks the numbers. */
    public FlushQueuePolicy {
        if (size < 1 || timeoutNanos < 1) {
            throw new IllegalArgumentException("a flush queue of " + size + " ranges and " + timeoutNanos
                    + " ns; at least 1 range and 1 ns are needed");
        }
    }

    @Override
    public FlushQueuePolicy over(FlushPolicy policy) {
        return new FlushQueuePolicy(size, timeoutNanos, policy);
    }

    @Override
    public String name() {
        return "flush-queue";
    }

    @Override
    public FlushContract contract() {
        return own().over(flusher.contract());
    }

    private FlushContract own() {
        return new FlushContract(Set.of(ChangeKind.UNMAP), Set.of(),
                new FlushContract.Staleness.Within(timeoutNanos), Set.of());
    }

    @Override
    public Initiator initiator(int id, FlushDomain domain, InitiatorPort port) {
        return new RingInitiator(flusher, id, domain, port, own(), size, timeoutNanos, true);
    }

    @Override
    public String toString() {
        return "flush queue of " + size + " within " + Durations.format(timeoutNanos) + " over " + flusher;
    }
}
