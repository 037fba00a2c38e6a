package io.faultline.actors;

import io.faultline.world.Outbox;

/** A vCPU's share of a CPU: whether it has the CPU, waits for it, or needs it for an interrupt. Belongs to the vCPU. */
final class CpuShare {
    private final MachineParts parts;
    private final int vcpu;
    private final int cpu;
    private boolean held;
    private boolean wanted;
    private boolean interruptWaits;
    private boolean givesWay;
    private long turn;

    CpuShare(MachineParts parts, int vcpu) {
        this.parts = parts;
        this.vcpu = vcpu;
        this.cpu = parts.cpus().cpuOf(vcpu);
    }

    /** Whether the vCPU has the CPU, and may use its TLB. */
    boolean isHeld() {
        return held;
    }

    /** The vCPU can run. */
    void want() {
        if (!wanted) {
            wanted = true;
            wake(false);
        }
    }

    /**
     * An interrupt came while the vCPU does not have the CPU. One that sleeps, or has just been woken, goes before all others
     * (wake-up preemption); one that was preempted takes it when its turn comes.
     */
    void wantForInterrupt(boolean preempted) {
        interruptWaits = true;
        if (!preempted) {
            wanted = true;
            wake(true);
        }
    }

    private void wake(boolean forInterrupt) {
        parts.cpus().actors().get(cpu).tell(new Cpu.Wake(vcpu, forInterrupt, turn));
    }

    /** The CPU was lent. */
    void lent(long nowTurn) {
        assert !held : "vCPU " + vcpu + " is lent the CPU it has";
        held = true;
        wanted = false;
        givesWay = false;
        turn = nowTurn;
    }

    /** Whether an interrupt came meanwhile; only once. */
    boolean takeInterrupt() {
        boolean waited = interruptWaits;
        interruptWaits = false;
        return waited;
    }

    /** Another needs the CPU. */
    void giveWay(long ofTurn) {
        givesWay = held && ofTurn == turn;
    }

    boolean mustGiveWay() {
        return givesWay;
    }

    /** Gives the CPU back, if the vCPU has it; one that could go on waits for it then. */
    void giveBack(boolean runnable, Outbox out) {
        if (held) {
            held = false;
            givesWay = false;
            wanted = runnable;
            out.tell(parts.cpus().actors().get(cpu), new Cpu.Yield(vcpu, runnable));
        }
    }

    /** Carries a broadcast out on the CPU's TLB, or has the CPU do it when the vCPU no longer has it. */
    void invalidate(VCpu.Invalidate invalidate) {
        if (held) {
            parts.cpus().invalidate(cpu, invalidate.command());
            parts.shootdown().tell(new TlbShootdown.Invalidated(invalidate.broadcast()));
        } else {
            parts.cpus()
                    .actors()
                    .get(cpu)
                    .tell(new Cpu.Invalidate(invalidate.command(), invalidate.broadcast(), turn));
        }
    }
}
