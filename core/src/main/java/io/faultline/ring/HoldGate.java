package io.faultline.ring;

/**
 * Keeps the fetchers from reading until so many vCPUs are halted on faults at once, so that a storm has its full height
 * before the first page is served. Thread-safe: the machine opens it, once; fetchers and memslots look.
 */
public final class HoldGate {
    private final long untilFaults;
    private volatile boolean closed;

    /**
     * @param untilFaults
     *            how many vCPUs have to be halted; 0 for a gate that is open from the start
     */
    public HoldGate(long untilFaults) {
        this.untilFaults = untilFaults;
        this.closed = untilFaults > 0;
    }

    public boolean isClosed() {
        return closed;
    }

    /** Whether it is closed and need not be any longer. */
    public boolean isReached(long outstandingFaults) {
        return closed && outstandingFaults >= untilFaults;
    }

    /** Opens it for good. */
    public void open() {
        closed = false;
    }
}
