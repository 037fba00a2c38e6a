package io.faultline.flush;

/** Passes every effect on. For those who listen in on some, or answer for another policy. */
public abstract class ForwardingInitiatorPort implements InitiatorPort {
    private final InitiatorPort next;

    /**
     * Makes a port in front of another.
     *
     * @param next takes what is not overridden
     */
    protected ForwardingInitiatorPort(InitiatorPort next) {
        this.next = next;
    }

    @Override
    public void sendIpi(int cpu, FlushCommand command) {
        next.sendIpi(cpu, command);
    }

    @Override
    public void flushSelf(int cpu, FlushCommand command) {
        next.flushSelf(cpu, command);
    }

    @Override
    public void broadcast(FlushCommand command) {
        next.broadcast(command);
    }

    @Override
    public void sync(long ticket) {
        next.sync(ticket);
    }

    @Override
    public boolean setFlag(int cpu, int expected, int flags) {
        return next.setFlag(cpu, expected, flags);
    }

    @Override
    public void setTimer(long delayNanos, long timer) {
        next.setTimer(delayNanos, timer);
    }

    @Override
    public void noRoom(FlushRequest request) {
        next.noRoom(request);
    }

    @Override
    public void settled(FlushRequest request) {
        next.settled(request);
    }

    @Override
    public void complete(FlushRequest request) {
        next.complete(request);
    }

    @Override
    public void release(FlushRequest request) {
        next.release(request);
    }
}
