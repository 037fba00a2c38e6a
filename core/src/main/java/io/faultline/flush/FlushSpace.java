package io.faultline.flush;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the parts of a policy share about one address space or second stage: the generation of its tables, the CPUs that
 * may hold translations of it, and how many changes are on their way. Safe for any thread.
 */
public final class FlushSpace {
    /** The generation every space starts with, and every CPU that never ran in it is before. */
    public static final long GENERATION_FIRST = 1;

    private final int asid;
    private final CpuMask cpus;
    private final AtomicLong generation = new AtomicLong(GENERATION_FIRST);
    private final AtomicInteger changesInFlight = new AtomicInteger();

    FlushSpace(int asid, int cpus) {
        this.asid = asid;
        this.cpus = new CpuMask(cpus);
    }

    /** {@return the tag of the address space} */
    public int asid() {
        return asid;
    }

    /** {@return the CPUs that have the space loaded or may otherwise use translations of it} */
    public CpuMask cpus() {
        return cpus;
    }

    /** {@return the generation of the tables ({@code mm->context.tlb_gen})} */
    public long generation() {
        return generation.get();
    }

    /**
     * Advances the generation, after page-table entries changed; a full barrier ({@code inc_mm_tlb_gen}).
     *
     * @return the new generation
     */
    public long advance() {
        return generation.incrementAndGet();
    }

    /**
     * Announces a change of entries, before the first is written ({@code inc_tlb_flush_pending}). Who finds an entry
     * already gone can thus tell that its flush may still be on its way (Linux 99baac21e458, 3ea277194daa).
     */
    public void changeBegins() {
        changesInFlight.incrementAndGet();
    }

    /** Ends one announced change: its request is settled. Called by the policy. */
    public void changeEnds() {
        int left = changesInFlight.decrementAndGet();
        if (left < 0) {
            throw new IllegalStateException("address space " + asid
                    + ": a request settled whose change was not announced; call changeBegins before writing entries");
        }
    }

    /** {@return changes announced and not yet settled, the asking one included} */
    public int changesInFlight() {
        return changesInFlight.get();
    }
}
