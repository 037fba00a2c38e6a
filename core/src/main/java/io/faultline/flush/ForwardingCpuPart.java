package io.faultline.flush;

import io.faultline.tlb.TlbObserver;

/** Passes every call on. For those who listen in on some. */
public abstract class ForwardingCpuPart implements CpuPart {
    private final CpuPart next;

    /**
     * Makes a part in front of another.
     *
     * @param next takes what is not overridden
     */
    protected ForwardingCpuPart(CpuPart next) {
        this.next = next;
    }

    @Override
    public void ipiEntered(FlushCommand command) {
        next.ipiEntered(command);
    }

    @Override
    public void ipi(FlushCommand command) {
        next.ipi(command);
    }

    @Override
    public void tick() {
        next.tick();
    }

    @Override
    public void switchBegins(int asid) {
        next.switchBegins(asid);
    }

    @Override
    public void switchEnds() {
        next.switchEnds();
    }

    @Override
    public void idle() {
        next.idle();
    }

    @Override
    public void preempted() {
        next.preempted();
    }

    @Override
    public void resumed() {
        next.resumed();
    }

    @Override
    public void walk(int asid, long address) {
        next.walk(asid, address);
    }

    @Override
    public int tag(int asid) {
        return next.tag(asid);
    }

    @Override
    public TlbObserver tlbObserver() {
        return next.tlbObserver();
    }

    @Override
    public long localGeneration(int asid) {
        return next.localGeneration(asid);
    }
}
