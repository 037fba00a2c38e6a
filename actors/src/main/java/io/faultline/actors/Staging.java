package io.faultline.actors;

import java.util.concurrent.atomic.AtomicReferenceArray;

import io.faultline.machine.MachineSpec;
import io.faultline.memory.Errno;
import io.faultline.memory.PageSize;
import io.faultline.registry.InvalidInputException;
import io.faultline.space.AddressSpace;
import io.faultline.space.MemoryObject;
import io.faultline.staging.StagingRange;
import io.faultline.staging.StagingRanges;
import io.faultline.tlb.Tlb;

/**
 * The staging memory of a machine whose pages are moved: a range for each fetcher to receive into, its CPU's TLB, and for
 * each memslot one to move evicted pages to. Outlives the actors that use it.
 *
 * <p>
 * Threading: made by the machine before any actor; a fetcher's range is replaced by the machine, and used by the fetcher.
 */
final class Staging {
    /** Ranges of fetchers that died come back when they were flushed; many may be on their way. */
    private static final long RANGES_MOST = 1 << 14;
    private static final long BYTES_MOST = 1L << 38;

    private final StagingRanges ranges;
    private final AtomicReferenceArray<StagingRange> received;
    private final Tlb[] tlbs;
    private final HostSignals signals;
    private final long outHva;
    private final int outSlots;
    private final PageSize pageSize;

    Staging(MachineParts parts) {
        MachineSpec spec = parts.spec();
        this.pageSize = spec.pageSize();
        int slots = parts.receiveSlots();
        long rangeBytes = (long) slots << spec.pageSize().shift();
        long count = Math.clamp(BYTES_MOST / rangeBytes, 2L * spec.fetchers(), RANGES_MOST + 2L * spec.fetchers());
        long hva = map(parts, count * rangeBytes);
        this.ranges = new StagingRanges(hva, Math.toIntExact(count), slots, spec.pageSize());
        this.received = new AtomicReferenceArray<>(spec.fetchers());
        this.tlbs = new Tlb[spec.fetchers()];
        this.signals = new HostSignals(spec.fetchers());
        for (int fetcher = 0; fetcher < spec.fetchers(); fetcher++) {
            received.set(fetcher, ranges.take());
            tlbs[fetcher] = new Tlb(spec.tlbEntries());
        }
        // The first memslot is as large as any.
        this.outSlots = EvictionDesk.batchPages(EvictionDesk.limitPages(spec, parts.layout().pagesOf(0)));
        this.outHva = spec.evicts() ? map(parts, ((long) spec.memslots() * outSlots) << spec.pageSize().shift()) : 0;
    }

    private static long map(MachineParts parts, long bytes) {
        AddressSpace space = parts.space();
        MachineSpec spec = parts.spec();
        long hva = space.findFree(bytes, spec.pageSize());
        MemoryObject object = MemoryObject.anon(spec.pageSize(), bytes);
        Errno mapped = hva < 0 ? Errno.ENOMEM
                : space.mmap(hva, bytes, object, 0, AddressSpace.PROT_READ | AddressSpace.PROT_WRITE, false);
        if (mapped != Errno.OK) {
            throw new InvalidInputException(
                    "resolving by MOVE: mapping " + bytes + " bytes to receive pages in answers "
                            + mapped + "; ask for fewer in-flight pages or handlers");
        }
        return hva;
    }

    /** Where a fetcher receives. */
    StagingRange range(int fetcher) {
        return received.get(fetcher);
    }

    /** Has the replacement of a fetcher receive elsewhere, and tells where the one that died did. */
    StagingRange replace(int fetcher) {
        return received.getAndSet(fetcher, ranges.take());
    }

    /** Takes back what {@link #replace} told: nothing is mapped there any more, and no CPU holds a translation of it. */
    void giveBack(StagingRange range) {
        ranges.give(range);
    }

    /** The TLB of the CPU that a fetcher runs on. */
    Tlb tlb(int fetcher) {
        return tlbs[fetcher];
    }

    /** What the CPUs that fetchers run on have to flush. */
    HostSignals signals() {
        return signals;
    }

    /** Where a memslot's pages go that are to be saved. */
    StagingRange outRange(int memslot) {
        return new StagingRange(outHva + (((long) memslot * outSlots) << pageSize.shift()), outSlots, pageSize);
    }
}
