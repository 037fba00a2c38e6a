package io.faultline.flush;

/** The CPU part of policies that count no generations: it only says which address space the CPU has loaded. */
abstract class PlainCpuPart implements CpuPart {
    private final int cpu;
    private final FlushDomain domain;
    private int switchingTo = CpuWords.NONE;

    PlainCpuPart(int cpu, FlushDomain domain) {
        this.cpu = cpu;
        this.domain = domain;
    }

    @Override
    public void switchBegins(int asid) {
        int previous = domain.words().loaded(cpu);
        domain.words().loaded(cpu, CpuWords.SWITCHING);
        switchingTo = asid;
        if (previous != asid && previous >= 0) {
            domain.space(previous).cpus().clear(cpu);
        }
        if (asid != CpuWords.NONE) {
            domain.space(asid).cpus().set(cpu);
        }
    }

    @Override
    public void switchEnds() {
        domain.words().loaded(cpu, switchingTo);
    }
}
