package io.faultline.embed;

import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

import io.faultline.actors.AccessResult;
import io.faultline.machine.Report;

/**
 * A machine that its owner drives: asks vCPUs for accesses, gives pages back, protects them, and in virtual time says how
 * far the clock goes.
 *
 * <p>
 * Threading: in virtual time everything is called from the thread that opened it, and callbacks run on that thread inside
 * {@link #advanceTo}, {@code runUntil}, {@link #runUntilIdle}, {@link #report} and {@link #close}. On threads it may be called from any thread, and callbacks
 * run on the machine's threads, must not block, and must not throw.
 */
public interface OpenMachine extends AutoCloseable {
    /**
     * Has a vCPU access memory, after the accesses it was asked for before.
     *
     * @param vcpu
     *            who, from 0
     * @param gpa
     *            any guest-physical byte
     * @param access
     *            whether it reads or writes
     * @param done
     *            called when the access is made, or has failed
     * @throws IndexOutOfBoundsException
     *             when there is no such vCPU
     */
    void access(int vcpu, long gpa, Access access, Consumer<AccessResult> done);

    /**
     * Gives pages back, as madvise(2) with MADV_DONTNEED does (MADV_REMOVE on memory with a page cache): they read as
     * zeros afterwards.
     *
     * @param gpa
     *            a multiple of the machine's page size
     * @param bytes
     *            a multiple of the machine's page size
     * @param done
     *            called when no vCPU can see the old contents any more; under a flush policy that may put unmaps off, when it
     *            lets the caller go on, and vCPUs may see them as long as its contract says
     * @throws io.faultline.registry.InvalidInputException
     *             when the range is not whole pages of the memory
     */
    void discard(long gpa, long bytes, Runnable done);

    /**
     * Write-protects pages that are present (ioctl_userfaultfd(2), UFFDIO_WRITEPROTECT): the next write to each is a
     * WRITE_PROTECT fault.
     *
     * @param gpa
     *            a multiple of the machine's page size
     * @param bytes
     *            a multiple of the machine's page size
     * @param done
     *            called when no vCPU can write to them any more without faulting
     * @throws io.faultline.registry.InvalidInputException
     *             when the range is not whole pages of the memory
     */
    void writeProtect(long gpa, long bytes, Runnable done);

    /** The machine's clock, in nanoseconds. */
    long nowNanos();

    /**
     * When something is next to happen: now, when anything is ready; {@link Long#MAX_VALUE} when nothing ever will by
     * itself.
     *
     * @throws UnsupportedOperationException
     *             outside virtual time
     */
    long nextEventNanos();

    /**
     * Lets everything happen up to and including an instant, and sets the clock to it.
     *
     * @param nanos
     *            not before now
     * @throws IllegalStateException
     *             when called from a callback: what runs cannot run the clock
     * @throws UnsupportedOperationException
     *             outside virtual time
     */
    void advanceTo(long nanos);

    /**
     * Lets things happen one by one until a condition holds, which is asked before each. The clock is left where it held,
     * or at the last thing that happened.
     *
     * @param condition
     *            cheap and without effects
     * @param latestNanos
     *            nothing later than this happens; {@link Long#MAX_VALUE} for no such limit
     * @return whether it holds; otherwise nothing more happens until then
     * @throws IllegalStateException
     *             as {@link #advanceTo}
     * @throws UnsupportedOperationException
     *             outside virtual time
     */
    boolean runUntil(BooleanSupplier condition, long latestNanos);

    /** As {@link #runUntil(BooleanSupplier, long)}, however late. */
    default boolean runUntil(BooleanSupplier condition) {
        return runUntil(condition, Long.MAX_VALUE);
    }

    /**
     * Lets everything happen until nothing is left to.
     *
     * @throws IllegalStateException
     *             as {@link #advanceTo}
     * @throws UnsupportedOperationException
     *             outside virtual time
     */
    void runUntilIdle();

    /** What was done until now. */
    Report report();

    /**
     * Takes the machine down; everything it started has stopped when this returns. Callbacks not called until then never
     * are. An access asked for afterwards is ignored, everything else throws {@link IllegalStateException}; a second close
     * does nothing.
     */
    @Override
    void close();
}
