package io.faultline.flush;

import java.util.Set;

import io.faultline.units.Durations;

/**
 * The deferred remap ring: pages that were moved into the application's range leave stale translations of where they came
 * from, and those are flushed together when a ring of so many virtual ranges is full. Until then the ranges stay in
 * quarantine, so that nothing else can be received at an address that a CPU may still take for the page moved away. Moves
 * out of the application's range, and everything else, go to the wrapped policy at once: there the application itself
 * could write through a stale translation after the page was saved (race R9).
 *
 * <p>Source: the proposal of 2017, on the Linux kernel's lists, for remapping received pages with userfaultfd instead of
 * copying them, by "a virtual range ring whose TLB flush is only done at ring-overflow". No kernel has it: UFFDIO_MOVE
 * (Linux 6.8) flushes once per call.
 *
 * <p>A slot is taken from the move to the end of its flush. The ring is flushed when its last slot is taken; a move that
 * finds none free completes when it gets one, so the ring bounds both the quarantine and how far the mover runs ahead.
 * {@link Initiator#reuseWanted} and {@link Initiator#drain} flush it early, whoever stands in line included.
 *
 * @param size how many ranges each initiator's ring has room for
 * @param timeoutNanos how long a range may wait for the ring to fill, or 0: for ever, as proposed; the flush itself
 *     comes on top
 * @param flusher does the flushing
 */
public record RingPolicy(int size, long timeoutNanos, FlushPolicy flusher) implements LayeredPolicy {
    /** No time-out. */
    public static final long UNTIL_FULL = 0;

    /** Checks the numbers. */
    public RingPolicy {
        if (size < 1) {
            throw new IllegalArgumentException("a ring of " + size + " ranges; at least 1 is needed");
        }
        if (timeoutNanos < 0) {
            throw new IllegalArgumentException("a time-out of " + timeoutNanos + " ns; 0 means none");
        }
    }

    @Override
    public RingPolicy over(FlushPolicy policy) {
        return new RingPolicy(size, timeoutNanos, policy);
    }

    @Override
    public String name() {
        return "ring";
    }

    @Override
    public FlushContract contract() {
        return own().over(flusher.contract());
    }

    /** What the ring itself may do, whatever the wrapped policy may. */
    FlushContract own() {
        var staleness = timeoutNanos == UNTIL_FULL
                ? new FlushContract.Staleness.UntilReuse()
                : new FlushContract.Staleness.Within(timeoutNanos);
        return new FlushContract(Set.of(ChangeKind.MOVE), Set.of(Direction.INTO_APP), staleness,
                Set.of(FlushContract.Exemption.MOVE_SOURCE_UNREACHABLE));
    }

    @Override
    public Initiator initiator(int id, FlushDomain domain, InitiatorPort port) {
        return new RingInitiator(flusher, id, domain, port, own(), size, timeoutNanos, false);
    }

    @Override
    public String toString() {
        return "ring of " + size + (timeoutNanos == UNTIL_FULL ? "" : " within " + Durations.format(timeoutNanos))
                + " over " + flusher;
    }
}
