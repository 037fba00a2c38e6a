package io.faultline.workload;

/**
 * One vCPU's accesses, one after the other: a cursor over primitives that allocates nothing.
 *
 * <p>Used by one vCPU; not thread-safe. There may be a million of them: an implementation keeps its state to about
 * 100 bytes and shares the rest through its workload.
 */
public interface AccessSequence {
    /**
     * Moves to the next access.
     *
     * @return false when there is none left; {@link #page} and {@link #write} then mean nothing
     */
    boolean next();

    /** Returns the page of the present access, counted from the memory's beginning. */
    long page();

    /** Tells whether the present access writes. */
    boolean write();

    /** Returns how many accesses {@link #next} has yet to give. */
    long remaining();
}
