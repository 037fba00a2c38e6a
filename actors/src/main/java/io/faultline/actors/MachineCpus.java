package io.faultline.actors;

import io.faultline.flush.FlushCommand;
import io.faultline.flush.HostDuty;
import io.faultline.flush.PendingInterrupts;
import io.faultline.machine.MachineSpec;
import io.faultline.oracle.SafetyOracle;
import io.faultline.tlb.Tlb;
import io.faultline.tlb.TlbObserver;

/**
 * The machine's CPUs and their numbers. To the flush policy each vCPU is a CPU, with the vCPU's number; behind them come the
 * CPUs of the fetchers. Where there are fewer CPUs than vCPUs, vCPU v runs on CPU v mod n and nowhere else, and the CPU's TLB
 * keeps the translations of its vCPUs apart by tags, as hardware does with VPIDs or ASIDs.
 *
 * <p>
 * Threading: a TLB belongs to the vCPU that has its CPU; the rest is fixed, or safe for any thread.
 */
final class MachineCpus {
    /** More than any address-space tag. */
    private static final int TAGS_PER_VCPU = 4;

    private final MachineSpec spec;
    private final SafetyOracle oracle;
    private final PendingInterrupts interrupts;
    private final ActorDirectory<Cpu.Command> actors;
    /** Those of shared CPUs. */
    private final Tlb[] tlbs;
    /** Who hears of what each vCPU has a shared TLB hold; empty when nobody does. */
    private final TlbObserver[] observers;

    MachineCpus(MachineSpec spec, SafetyOracle oracle) {
        this.spec = spec;
        this.oracle = oracle;
        this.interrupts = new PendingInterrupts(spec.vcpus());
        int shared = spec.sharesCpus() ? spec.cpus() : 0;
        this.actors = new ActorDirectory<>("CPU", shared);
        this.tlbs = new Tlb[shared];
        for (int cpu = 0; cpu < shared; cpu++) {
            tlbs[cpu] = new Tlb(spec.tlbEntries());
        }
        boolean isHeard = shared > 0 && (oracle.isOn() || spec.flushPolicy().duties().contains(HostDuty.TLBS));
        this.observers = new TlbObserver[isHeard ? spec.vcpus() : 0];
        for (int cpu = 0; isHeard && cpu < shared; cpu++) {
            tlbs[cpu].observer(new ByVcpu(cpu));
        }
    }

    /** Whether vCPUs share CPUs; else each has one of its own inside it. */
    boolean isShared() {
        return spec.sharesCpus();
    }

    /** The CPU that a vCPU runs on. */
    int cpuOf(int vcpu) {
        return vcpu % spec.cpus();
    }

    /** Where in the machine a CPU is that the flush policy knows by this number: those of the fetchers come last. */
    int positionOf(int policyCpu) {
        return policyCpu < spec.vcpus() ? cpuOf(policyCpu) : policyCpu - spec.vcpus() + spec.cpus();
    }

    /** The number that the flush policy knows a fetcher's CPU by, in a machine that moves pages. */
    int hostCpu(int fetcher) {
        return spec.vcpus() + fetcher;
    }

    /** The CPUs that vCPUs share, if they do. */
    ActorDirectory<Cpu.Command> actors() {
        return actors;
    }

    /** The TLB of the vCPU's CPU: the shared one, or one of its own, made now. */
    Tlb tlbOf(int vcpu) {
        if (isShared()) {
            return tlbs[cpuOf(vcpu)];
        }
        return new Tlb(spec.tlbEntries());
    }

    /** Attaches the oracle, and what the policy listens with, to what the vCPU has its TLB hold; before that is anything. */
    void observe(int vcpu, Tlb tlb, TlbObserver policys) {
        TlbObserver both = oracle.tlbObserver(vcpu).and(policys);
        if (!isShared()) {
            tlb.observer(both);
        } else if (observers.length > 0) {
            observers[vcpu] = both;
        }
    }

    /** What to add to a tag to tell the vCPU's translations from those of others on its CPU. */
    int tagOffset(int vcpu) {
        return isShared() ? vcpu / spec.cpus() * TAGS_PER_VCPU : 0;
    }

    /** Carries a broadcast out on a shared CPU; called by who has the CPU. */
    void invalidate(int cpu, FlushCommand command) {
        for (int vcpu = cpu; vcpu < spec.vcpus(); vcpu += spec.cpus()) {
            int tag = command.asid() + tagOffset(vcpu);
            if (command.isFull()) {
                tlbs[cpu].flushSpace(tag);
            } else {
                tlbs[cpu].invalidate(tag, command.start(), command.end());
            }
        }
    }

    /** What is asked of each vCPU's CPU and not taken yet. */
    PendingInterrupts interrupts() {
        return interrupts;
    }

    /** Tells of a shared TLB's translations as those of the vCPU that made them. */
    private final class ByVcpu implements TlbObserver {
        private final int cpu;

        ByVcpu(int cpu) {
            this.cpu = cpu;
        }

        private TlbObserver observer(int tag) {
            return observers[tag / TAGS_PER_VCPU * spec.cpus() + cpu];
        }

        @Override
        public void filled(int tag, long address, int sizeIndex, long frame, boolean writable) {
            observer(tag).filled(tag % TAGS_PER_VCPU, address, sizeIndex, frame, writable);
        }

        @Override
        public void dropped(int tag, long address, int sizeIndex) {
            observer(tag).dropped(tag % TAGS_PER_VCPU, address, sizeIndex);
        }
    }
}
