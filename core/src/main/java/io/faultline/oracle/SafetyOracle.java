package io.faultline.oracle;

import java.util.List;

import io.faultline.flush.Direction;
import io.faultline.flush.FlushContract;
import io.faultline.flush.FlushPolicy;
import io.faultline.memory.FrameObserver;
import io.faultline.time.NanoClock;
import io.faultline.tlb.TlbObserver;

/**
 * Watches every translation used and says when an {@link Invariant} did not hold.
 *
 * <p>Whoever hosts CPUs, mappings and frames calls it at the moments named here. A CPU that does not run an address space
 * cannot use the translations it holds of it (they wait for the generations to be compared at the next switch, or for the
 * hypervisor's flush at entry): such translations do no harm while they sleep, and the oracle complains when one is used
 * after all.
 *
 * <p>One made by {@link #checking} is not thread-safe: it belongs to a world where one thing happens at a time. On threads
 * use one made by {@link #sampling}. {@link #OFF} costs a call.
 */
public interface SafetyOracle {
    /** Checks nothing. */
    SafetyOracle OFF = new NoOracle();

    /** Nobody in particular owns the frames. */
    int NO_OWNER = -1;

    /**
     * Makes an oracle that checks every event.
     *
     * @param clock for the times in violations
     * @param contract of the policy on trial, for its exemptions
     * @return not thread-safe
     */
    static SafetyOracle checking(NanoClock clock, FlushContract contract) {
        return checking(clock, contract, 0);
    }

    /**
     * Makes an oracle that checks every event.
     *
     * @param clock for the times in violations
     * @param contract of the policy on trial, for its exemptions and its staleness
     * @param seed of the run, to be named in violations
     * @return not thread-safe
     */
    static SafetyOracle checking(NanoClock clock, FlushContract contract, long seed) {
        return new CheckingOracle(clock, contract, seed);
    }

    /**
     * Makes an oracle that watches some pages, and may be told of them by any thread. It knows only of an order of events
     * that is certain: what could have been either way is not held against anybody, so a violation is one, and some are
     * missed. O5 is not checked, nor bounds of staleness in time: those are also the operating system's to keep.
     *
     * @param clock for the times in violations
     * @param contract of the policy on trial
     * @param seed draws the pages, and stands in the violations
     * @param cpus how many there are; no other may be told of
     * @param pageShift of the machine's pages, as a power of two of bytes
     * @param blockShift k: one page of 2^k is watched; 0 watches all
     * @return thread-safe, as far as each CPU is told of by one thread at a time, and each initiator's part of the policy is
     *         used by one thread at a time
     */
    static SafetyOracle sampling(NanoClock clock, FlushContract contract, long seed, int cpus, int pageShift,
            int blockShift) {
        return new SamplingOracle(clock, contract, seed, cpus, new SampledPages(seed, pageShift, blockShift));
    }

    /**
     * Tells whether anything about a page is checked, to spare callers what it takes to find out what to tell.
     *
     * @param address any byte of it
     * @return false when no call about it would be looked at
     */
    boolean watches(long address);

    /** {@return whether anything is checked; false spares callers gathering what it would not look at} */
    boolean isOn();

    /**
     * Listens to a CPU's TLB.
     *
     * @param cpu its number
     * @return to be attached before the first fill
     */
    TlbObserver tlbObserver(int cpu);

    /**
     * Listens to a pool of frames, none of which has an owner; see {@link #frameAllocated}.
     *
     * @return to be attached to the pool
     */
    FrameObserver frameObserver();

    /**
     * Stands between a policy's parts and their hosts, to hear what the policy claims: calls {@link #flushed} when a request
     * is settled, or complete and not deferrable by the policy's contract; and {@link #cpuRuns} and {@link #cpuStops}. Hears
     * of walks, ticks, generations and deferred requests, which O5 to O7 are about.
     *
     * @param policy on trial
     * @return a policy of the same behaviour
     */
    FlushPolicy watching(FlushPolicy policy);

    /**
     * A CPU used a translation that its TLB held.
     *
     * @param cpu who
     * @param asid the tag
     * @param address any byte of the page
     * @param write whether it wrote
     * @throws IllegalStateException when the oracle knows of no such translation, so that it is not wired to the TLB
     */
    void accessed(int cpu, int asid, long address, boolean write);

    /**
     * A change is about to be made: call it before the first page-table entry is written.
     *
     * @return the number of the change: that of whatever was filled before is lower
     */
    long changeBegins();

    /**
     * Page-table entries of a range were changed such that older translations are stale. Hand the number on in
     * {@link io.faultline.flush.FlushRequest#changeSequence}. An operation that found nothing to change takes
     * {@link #sequence} instead.
     *
     * @param asid the tag
     * @param start the first byte
     * @param end the first byte after
     * @param begun what {@link #changeBegins} answered
     * @return the number of the change
     */
    long changed(int asid, long start, long end, long begun);

    /**
     * The same where nothing can come between the change and this call.
     *
     * @param asid the tag
     * @param start the first byte
     * @param end the first byte after
     * @return the number of the change
     */
    long changed(int asid, long start, long end);

    /**
     * The same for a range whose pages were moved elsewhere: what {@link #changed} does, and notes which way they went.
     *
     * @param asid the tag of the source
     * @param start the first byte
     * @param end the first byte after
     * @param direction which way
     * @param begun what {@link #changeBegins} answered
     * @return the number of the change
     */
    long moved(int asid, long start, long end, Direction direction, long begun);

    /**
     * The same where nothing can come between the move and this call.
     *
     * @param asid the tag of the source
     * @param start the first byte
     * @param end the first byte after
     * @param direction which way
     * @return the number of the change
     */
    long moved(int asid, long start, long end, Direction direction);

    /**
     * Counts an operation that changed nothing: a barrier, or one that found nothing present. What was stale before must
     * be gone when its request completes.
     *
     * @return the number for its request
     */
    long sequence();

    /**
     * Someone was told that no translation of the range older than the change can be used any longer.
     *
     * @param asid the tag
     * @param start the first byte
     * @param end the first byte after
     * @param changeSequence the number of the change
     */
    void flushed(int asid, long start, long end, long changeSequence);

    /**
     * Frames left the allocator.
     *
     * @param frame the first
     * @param basePages how many, in a row
     * @param owner the address space they are for, or {@link #NO_OWNER}
     */
    void frameAllocated(long frame, long basePages, int owner);

    /**
     * A virtual range that had been mapped is being handed out anew. Call it before the first page is installed in it.
     *
     * @param asid the tag
     * @param start the first byte
     * @param end the first byte after
     */
    void rangeReused(int asid, long start, long end);

    /**
     * The contents of frames are being copied or saved, so that later writes through old translations would be lost.
     *
     * @param frame the first
     * @param basePages how many, in a row
     */
    void copied(long frame, long basePages);

    /**
     * Page-table pages went back to the allocator (O5).
     *
     * @param asid whose
     * @param start the first byte that they mapped
     * @param end the first byte after
     * @param changeSequence the number of the change that took them out of the tables
     */
    void tableFreed(int asid, long start, long end, long changeSequence);

    /**
     * The dirty bits of frames' entries were cleared and the flush for it is complete: what was written until now is known
     * of or given up, and any later write must set the bit again (O8). Clearing is a change for {@link #changed}, because a
     * translation that was filled while the bit was set writes without setting it.
     *
     * @param frame the first
     * @param basePages how many, in a row
     */
    void cleaned(long frame, long basePages);

    /**
     * Frames are about to be dropped without saving them, because no dirty bit says that they were written (O8).
     *
     * @param frame the first
     * @param basePages how many, in a row
     */
    void droppedAsClean(long frame, long basePages);

    /** The policy was drained and nothing is on its way: a request that is not settled now has been forgotten (O7). */
    void ended();

    /**
     * A CPU runs in one address space and can use translations of no other. A CPU never told of can use all it holds.
     *
     * @param cpu who
     * @param asid the tag
     */
    void cpuRuns(int cpu, int asid);

    /**
     * A CPU switches, idles or was preempted, and can use none of its translations.
     *
     * @param cpu who
     */
    void cpuStops(int cpu);

    /** {@return how often an invariant did not hold} */
    long violationCount();

    /** {@return the first violations, of each invariant a bounded number, in the order they happened} */
    List<Violation> violations();
}
