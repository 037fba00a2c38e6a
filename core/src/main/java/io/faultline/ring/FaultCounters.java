package io.faultline.ring;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * What a machine has done so far. Thread-safe: every actor adds, anybody reads; a sum read while the machine runs may be
 * a moment old. All of them only grow, but for {@link #outstanding}.
 */
public final class FaultCounters {
    /** Faults that ended in an error by design: poison, no memory behind the address, a memslot that died. */
    public final LongAdder failed = new LongAdder();
    /** Faults on a page somebody was already waiting for. */
    public final LongAdder coalesced = new LongAdder();
    /** Faults on a page that was already as the access wanted it. */
    public final LongAdder spurious = new LongAdder();
    /** Faults by kind, one per page and attempt, as the memslots took them up. */
    public final LongAdder missing = new LongAdder();
    public final LongAdder minor = new LongAdder();
    public final LongAdder writeProtect = new LongAdder();
    /** Installs parked on EAGAIN or for want of a frame, fetches tried again, and pages re-issued after a crash. */
    public final LongAdder retried = new LongAdder();
    /** Pages poisoned because their source gave them up. */
    public final LongAdder poisoned = new LongAdder();
    /** Installs that came after their attempt was given up, and were ignored. */
    public final LongAdder lateInstalls = new LongAdder();
    /** Pages made present. */
    public final LongAdder installed = new LongAdder();
    /** Pages that were evicted, and saves that failed. */
    public final LongAdder evicted = new LongAdder();
    public final LongAdder saveErrors = new LongAdder();
    /** Reads from page sources. */
    public final LongAdder reads = new LongAdder();
    /** Bytes that page sources delivered. */
    public final LongAdder readBytes = new LongAdder();
    /** Reads that failed, came short or were not answered in time. */
    public final LongAdder readErrors = new LongAdder();
    private final AtomicLong outstanding = new AtomicLong();
    private final AtomicLong outstandingPeak = new AtomicLong();
    private final AtomicLong inFlight = new AtomicLong();
    private final AtomicLong inFlightPeak = new AtomicLong();

    /** Adds to the vCPUs halted on a fault at this moment (or takes off), and keeps the peak. */
    public void outstanding(int change) {
        change(outstanding, outstandingPeak, change);
    }

    public long outstanding() {
        return outstanding.get();
    }

    public long outstandingPeak() {
        return outstandingPeak.get();
    }

    /** Adds to the pages being read at this moment over all fetchers (or takes off), and keeps the peak. */
    public void inFlight(int change) {
        change(inFlight, inFlightPeak, change);
    }

    public long inFlight() {
        return inFlight.get();
    }

    public long inFlightPeak() {
        return inFlightPeak.get();
    }

    private static void change(AtomicLong value, AtomicLong peak, int change) {
        long now = value.addAndGet(change);
        assert now >= 0 : "a count went below zero: " + now;
        if (now > peak.get()) {
            peak.accumulateAndGet(now, Math::max);
        }
    }
}
