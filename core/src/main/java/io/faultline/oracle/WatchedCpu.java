package io.faultline.oracle;

import io.faultline.flush.CpuPart;
import io.faultline.flush.CpuWords;
import io.faultline.flush.FlushCommand;
import io.faultline.flush.FlushDomain;
import io.faultline.flush.ForwardingCpuPart;

/** Tells the oracle what a CPU is doing: what it can use, what it can walk, and what it says it has flushed. */
final class WatchedCpu extends ForwardingCpuPart {
    private final int cpu;
    private final FlushDomain domain;
    private final SafetyOracle oracle;
    private final PolicyWitness claims;
    private int space = CpuWords.NONE;
    private boolean switching;
    private boolean idle;
    private boolean preempted;

    WatchedCpu(int cpu, FlushDomain domain, SafetyOracle oracle, PolicyWitness claims, CpuPart next) {
        super(next);
        this.cpu = cpu;
        this.domain = domain;
        this.oracle = oracle;
        this.claims = claims;
    }

    /** In the handler the CPU makes no accesses of the guest's. It still has the tables loaded. */
    @Override
    public void ipiEntered(FlushCommand command) {
        oracle.cpuStops(cpu);
        super.ipiEntered(command);
    }

    @Override
    public void ipi(FlushCommand command) {
        super.ipi(command);
        claims(command.asid());
        goOn();
    }

    @Override
    public void tick() {
        claims.ticked(cpu); // first: what is put off from now on, this tick may come too early for
        super.tick();
        claims(space);
    }

    @Override
    public void switchBegins(int asid) {
        oracle.cpuStops(cpu);
        super.switchBegins(asid);
        claims.loaded(cpu, asid);
        space = asid;
        switching = true;
        idle = false;
        claims(asid);
    }

    @Override
    public void switchEnds() {
        super.switchEnds();
        switching = false;
        goOn();
    }

    @Override
    public void idle() {
        oracle.cpuStops(cpu);
        idle = true;
        super.idle();
        claims.loaded(cpu, domain.words().loaded(cpu)); // a policy may have the CPU give its tables back
    }

    @Override
    public void preempted() {
        oracle.cpuStops(cpu);
        claims.loaded(cpu, CpuWords.NONE);
        preempted = true;
        super.preempted();
    }

    @Override
    public void resumed() {
        super.resumed();
        preempted = false;
        claims.loaded(cpu, space);
        goOn();
    }

    @Override
    public void walk(int asid, long address) {
        claims.walks(cpu, asid, address);
        super.walk(asid, address);
    }

    private void claims(int asid) {
        if (asid == CpuWords.NONE) {
            return;
        }
        long local = localGeneration(asid);
        if (local >= 0) {
            claims.claims(cpu, asid, local, domain.space(asid).generation());
        }
    }

    private void goOn() {
        if (!switching && !idle && !preempted && space != CpuWords.NONE) {
            oracle.cpuRuns(cpu, space);
        }
    }
}
