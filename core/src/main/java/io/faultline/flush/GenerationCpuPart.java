package io.faultline.flush;

/**
 * The CPU part of policies that count generations, as Linux on x86: it knows up to which generation of each address space
 * it has flushed, so that interrupts may come late, twice, in any order or not at all before a context switch.
 *
 * <p>Source: {@code flush_tlb_func} and {@code switch_mm_irqs_off} in arch/x86/mm/tlb.c. Policies add to it by subclassing.
 */
public class GenerationCpuPart implements CpuPart {
    private final int cpu;
    private final FlushDomain domain;
    private final CpuPort port;
    private final LocalGenerations local = new LocalGenerations();
    private int switchingTo = CpuWords.NONE;

    /**
     * @param cpu its number
     * @param domain shared
     * @param port takes the effects
     */
    public GenerationCpuPart(int cpu, FlushDomain domain, CpuPort port) {
        this.cpu = cpu;
        this.domain = domain;
        this.port = port;
    }

    @Override
    public void ipi(FlushCommand command) {
        apply(command.asid(), command.generation(), command.start(), command.end(), command.strideShift());
        port.acknowledge(command.initiator(), command.ticket());
    }

    /**
     * Brings the CPU up to a change: nothing if it is already, the range if that is all it lacks, else everything.
     *
     * @param asid the address space that changed
     * @param generation its generation with the change
     * @param start the first byte
     * @param end the first byte after; {@link Long#MAX_VALUE} for everything
     * @param strideShift log2 of the page size to step by
     */
    protected final void apply(int asid, long generation, long start, long end, int strideShift) {
        long flushedTo = local.get(asid);
        // An interrupt may overtake a context switch that flushed already, or another interrupt.
        if (flushedTo >= generation) {
            return;
        }
        // A CPU that never was in the address space holds nothing of it; it will start with the generation of that time.
        if (flushedTo < FlushSpace.GENERATION_FIRST) {
            return;
        }
        long now = domain.space(asid).generation();
        // Both conditions matter. With generation > flushedTo + 1 the ranges between were not flushed here. With
        // now > generation a range flush must not claim the generations after its own (race R7).
        if (end != Long.MAX_VALUE && generation == flushedTo + 1 && generation == now) {
            port.invalidate(asid, start, end, strideShift);
        } else {
            port.flushSpace(asid);
        }
        local.put(asid, now);
    }

    @Override
    public void switchBegins(int asid) {
        int previous = domain.words().loaded(cpu);
        assert previous != CpuWords.SWITCHING : "CPU " + cpu + " switches within a switch";
        domain.words().loaded(cpu, CpuWords.SWITCHING);
        switchingTo = asid;
        if (previous != asid && previous != CpuWords.NONE) {
            // Its translations stay, tagged, and useless until the CPU comes back and compares generations.
            domain.space(previous).cpus().clear(cpu);
        }
        if (asid != CpuWords.NONE) {
            var space = domain.space(asid);
            // The bit first, then the generation: who advances it afterwards sees the bit and interrupts us.
            space.cpus().set(cpu);
            catchUp(asid, space.generation());
        }
    }

    @Override
    public void switchEnds() {
        domain.words().loaded(cpu, switchingTo);
    }

    private void catchUp(int asid, long now) {
        long flushedTo = local.get(asid);
        if (flushedTo >= now) {
            return;
        }
        if (flushedTo >= FlushSpace.GENERATION_FIRST) {
            port.flushSpace(asid);
        }
        local.put(asid, now);
    }

    /** Notes that everything the CPU held is gone, by whatever means: it is up to date with all its address spaces. */
    protected final void flushedAll() {
        local.forget();
        int loaded = domain.words().loaded(cpu);
        int current = loaded == CpuWords.SWITCHING ? switchingTo : loaded;
        if (current != CpuWords.NONE) {
            // Read after the flush: nothing can have been filled in between, so nothing older than this is held.
            local.put(current, domain.space(current).generation());
        }
    }

    @Override
    public long localGeneration(int asid) {
        return local.get(asid);
    }

    /** {@return this CPU's number} */
    protected final int cpu() {
        return cpu;
    }

    /** {@return what the parts share} */
    protected final FlushDomain domain() {
        return domain;
    }

    /** {@return this CPU's port} */
    protected final CpuPort port() {
        return port;
    }
}
