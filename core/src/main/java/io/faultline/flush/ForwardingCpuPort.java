package io.faultline.flush;

/** Passes every effect on. For those who listen in on some. */
public abstract class ForwardingCpuPort implements CpuPort {
    private final CpuPort next;

    /**
     * Makes a port in front of another.
     *
     * @param next takes what is not overridden
     */
    protected ForwardingCpuPort(CpuPort next) {
        this.next = next;
    }

    @Override
    public void invalidate(int asid, long start, long end, int strideShift) {
        next.invalidate(asid, start, end, strideShift);
    }

    @Override
    public void flushSpace(int asid) {
        next.flushSpace(asid);
    }

    @Override
    public void flushAll() {
        next.flushAll();
    }

    @Override
    public int liveEntries() {
        return next.liveEntries();
    }

    @Override
    public void syncBroadcasts() {
        next.syncBroadcasts();
    }

    @Override
    public void acknowledge(int initiator, long ticket) {
        next.acknowledge(initiator, ticket);
    }
}
