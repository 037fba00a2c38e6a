package io.faultline.flush;

/** The initiator of {@link RingPolicy} and {@link FlushQueuePolicy}: a slot is taken until the release of its range. */
final class RingInitiator extends GatheringInitiator {
    private final FlushContract contract;
    private final int size;
    private final long timeoutNanos;
    private final boolean everything;

    RingInitiator(FlushPolicy flusher, int id, FlushDomain domain, InitiatorPort port, FlushContract contract,
            int size, long timeoutNanos, boolean everything) {
        super(flusher, id, domain, port);
        this.contract = contract;
        this.size = size;
        this.timeoutNanos = timeoutNanos;
        this.everything = everything;
    }

    @Override
    protected boolean gathers(FlushRequest request) {
        // What found nothing leaves nothing to wait for, unless another's flush is on its way, and then that counts.
        return contract.mayDefer(request) && request.pagesPresent() > 0;
    }

    @Override
    protected boolean hasRoom() {
        return waiting() + flushing() < size;
    }

    @Override
    protected boolean isDue(FlushRequest latest) {
        return waiting() + flushing() == size;
    }

    @Override
    protected long timeoutNanos() {
        return timeoutNanos;
    }

    @Override
    protected boolean flushesEverything() {
        return everything;
    }
}
