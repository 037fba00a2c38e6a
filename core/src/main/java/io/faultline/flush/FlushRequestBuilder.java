package io.faultline.flush;

/** Collects the parts of a {@link FlushRequest}; each setter replaces the value and returns this. Not thread-safe. */
public final class FlushRequestBuilder {
    private static final int BASE_SHIFT = 12;

    private final long id;
    private final int asid;
    private final ChangeKind kind;
    private final long start;
    private final long end;
    private long operation;
    private int cpu = FlushRequest.NO_CPU;
    private Direction direction = Direction.NONE;
    private int strideShift = BASE_SHIFT;
    private long pagesPresent = -1;
    private long pagesAccessed = -1;
    private long pagesWritable = -1;
    private long framesFreed;
    private boolean tablesFreed;
    private boolean synchronous;
    private long changeSequence;
    private long changedNanos;

    FlushRequestBuilder(long id, int asid, ChangeKind kind, long start, long end) {
        this.id = id;
        this.asid = asid;
        this.kind = kind;
        this.start = start;
        this.end = end;
    }

    /** The call or batch this belongs to. */
    public FlushRequestBuilder operation(long value) {
        operation = value;
        return this;
    }

    /** The CPU the change was made on. */
    public FlushRequestBuilder cpu(int value) {
        cpu = value;
        return this;
    }

    /** The direction of a MOVE. */
    public FlushRequestBuilder direction(Direction value) {
        direction = value;
        return this;
    }

    /** Log2 of the smallest page size in the range. */
    public FlushRequestBuilder strideShift(int value) {
        strideShift = value;
        return this;
    }

    /** How many entries were present; also taken for the accessed and the writable ones unless those are set. */
    public FlushRequestBuilder pagesPresent(long value) {
        pagesPresent = value;
        return this;
    }

    /** How many of the present entries had been accessed. */
    public FlushRequestBuilder pagesAccessed(long value) {
        pagesAccessed = value;
        return this;
    }

    /** How many of the present entries were writable or dirty. */
    public FlushRequestBuilder pagesWritable(long value) {
        pagesWritable = value;
        return this;
    }

    /** How many 4 KiB frames wait for the release. */
    public FlushRequestBuilder framesFreed(long value) {
        framesFreed = value;
        return this;
    }

    /** Page-table pages are freed too. */
    public FlushRequestBuilder tablesFreed() {
        tablesFreed = true;
        return this;
    }

    /** The requester must not go on with stale translations about. */
    public FlushRequestBuilder synchronous() {
        synchronous = true;
        return this;
    }

    /** When the entries changed, and the oracle's number of that change. */
    public FlushRequestBuilder changed(long sequence, long nanos) {
        changeSequence = sequence;
        changedNanos = nanos;
        return this;
    }

    /** {@return the request} */
    public FlushRequest build() {
        long present = pagesPresent >= 0 ? pagesPresent : ((end - 1) >>> strideShift) - (start >>> strideShift) + 1;
        return new FlushRequest(id, operation, cpu, asid, kind, direction, start, end, strideShift, present,
                pagesAccessed >= 0 ? pagesAccessed : present, pagesWritable >= 0 ? pagesWritable : present, framesFreed,
                tablesFreed, synchronous, changeSequence, changedNanos);
    }
}
