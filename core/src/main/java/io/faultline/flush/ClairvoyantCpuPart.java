package io.faultline.flush;

import io.faultline.tlb.TlbObserver;

/** A CPU that pays its debts whenever it is in the kernel. */
final class ClairvoyantCpuPart extends PlainCpuPart {
    private final CpuPort port;
    private final CpuDebts debts;
    private final ClairvoyantPolicy policy;

    ClairvoyantCpuPart(int cpu, FlushDomain domain, CpuPort port, CpuDebts debts, ClairvoyantPolicy policy) {
        super(cpu, domain);
        this.port = port;
        this.debts = debts;
        this.policy = policy;
    }

    @Override
    public TlbObserver tlbObserver() {
        return debts;
    }

    private void pay() {
        debts.pay(port, policy.ceilingPages());
    }

    @Override
    public void ipi(FlushCommand command) {
        debts.interrupted(false);
        pay();
    }

    @Override
    public void tick() {
        if (policy.sweepsAtTicks()) {
            pay();
        }
    }

    /** Pays before the CPU can use anything that it was spared for. */
    @Override
    public void switchBegins(int asid) {
        super.switchBegins(asid);
        debts.runs(asid);
        pay();
    }

    @Override
    public void idle() {
        debts.idles();
    }

    @Override
    public void preempted() {
        debts.preempted(true);
    }

    @Override
    public void resumed() {
        debts.preempted(false);
        pay();
    }
}
