package io.faultline.flush;

/** Passes every call on. For those who listen in on some. */
public abstract class ForwardingInitiator implements Initiator {
    private final Initiator next;

    /**
     * Makes a part in front of another.
     *
     * @param next takes what is not overridden
     */
    protected ForwardingInitiator(Initiator next) {
        this.next = next;
    }

    @Override
    public void request(FlushRequest request) {
        next.request(request);
    }

    @Override
    public void acknowledged(int cpu, long ticket) {
        next.acknowledged(cpu, ticket);
    }

    @Override
    public void synced(long ticket) {
        next.synced(ticket);
    }

    @Override
    public void timer(long timer) {
        next.timer(timer);
    }

    @Override
    public void operationEnds(long operation) {
        next.operationEnds(operation);
    }

    @Override
    public void reuseWanted(FlushRequest request) {
        next.reuseWanted(request);
    }

    @Override
    public void departing() {
        next.departing();
    }

    @Override
    public void drain() {
        next.drain();
    }

    @Override
    public int unsettled() {
        return next.unsettled();
    }
}
