package io.faultline.flush;

import java.util.Objects;

/**
 * One change of mappings whose stale translations someone wants gone. Immutable.
 *
 * @param id unique within an initiator; the host's key to the frames and the requester it keeps for the request
 * @param operation groups the requests of one call or one reclaim batch; see {@link Initiator#operationEnds}
 * @param cpu the CPU the change was made on, which a policy may flush first, or {@link #NO_CPU}
 * @param asid the tag of the address space (or second stage) that changed
 * @param kind what happened
 * @param direction of a {@link ChangeKind#MOVE}, else {@link Direction#NONE}
 * @param start the first byte whose translations are stale: for a MOVE the source
 * @param end the first byte after them
 * @param strideShift log2 of the smallest page size the range was mapped with: 12, 21 or 30
 * @param pagesPresent entries that were present before, in pages of the stride; 0 when the operation found nothing
 * @param pagesAccessed those of them whose accessed bit was set
 * @param pagesWritable those of them that were writable or dirty
 * @param framesFreed 4 KiB frames in quarantine until {@link InitiatorPort#release}
 * @param tablesFreed whether page-table pages are freed with it: every CPU that might walk must answer
 * @param synchronous whether the requester needs the flush done, whatever the policy may defer
 * @param changeSequence the safety oracle's number of the change, 0 without an oracle
 * @param changedNanos when the entries changed, on the world's clock
 */
public record FlushRequest(
        long id,
        long operation,
        int cpu,
        int asid,
        ChangeKind kind,
        Direction direction,
        long start,
        long end,
        int strideShift,
        long pagesPresent,
        long pagesAccessed,
        long pagesWritable,
        long framesFreed,
        boolean tablesFreed,
        boolean synchronous,
        long changeSequence,
        long changedNanos) {

    /** The change was made by something that runs on no CPU of the domain. */
    public static final int NO_CPU = -1;

    /** Checks what would otherwise be found out far from here. */
    public FlushRequest {
        Objects.requireNonNull(kind);
        Objects.requireNonNull(direction);
        if (start < 0 || start >= end) {
            throw new IllegalArgumentException("request " + id + ": the range 0x" + Long.toHexString(start) + " to 0x"
                    + Long.toHexString(end) + " is empty or beyond the addresses");
        }
        if ((kind == ChangeKind.MOVE) == (direction == Direction.NONE)) {
            throw new IllegalArgumentException(
                    "request " + id + ": a MOVE has a direction and nothing else has, not " + kind + " " + direction);
        }
        if (strideShift < 12 || strideShift > 30) {
            throw new IllegalArgumentException("request " + id + ": stride 2^" + strideShift + " is no page size");
        }
    }

    /**
     * Names a request that its host built before it was its turn.
     *
     * @param number unique within the initiator
     * @param of the call or batch it belongs to
     * @return the same request with both
     */
    public FlushRequest numbered(long number, long of) {
        return new FlushRequest(number, of, cpu, asid, kind, direction, start, end, strideShift, pagesPresent,
                pagesAccessed, pagesWritable, framesFreed, tablesFreed, synchronous, changeSequence, changedNanos);
    }

    /** {@return the range in pages of the stride, rounded up} */
    public long strides() {
        return ((end - 1) >>> strideShift) - (start >>> strideShift) + 1;
    }

    /**
     * {@return 4 KiB pages that wait for {@link InitiatorPort#release}: the virtual range that was moved from, which is
     * to be received into again, else frames}
     */
    public long quarantinedPages() {
        return direction == Direction.INTO_APP ? (end - start) >>> 12 : framesFreed;
    }

    /**
     * Starts a request of a change that found every page of its range present, accessed and writable (the most
     * cautious assumption), freed nothing, and was made on no CPU.
     *
     * @param id unique within the initiator
     * @param asid the tag of the address space
     * @param kind what happened
     * @param start the first byte
     * @param end the first byte after the range
     * @return to be completed
     */
    public static FlushRequestBuilder of(long id, int asid, ChangeKind kind, long start, long end) {
        return new FlushRequestBuilder(id, asid, kind, start, end);
    }
}
