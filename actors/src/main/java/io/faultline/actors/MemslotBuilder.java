package io.faultline.actors;

import java.util.BitSet;

import io.faultline.machine.Backing;
import io.faultline.machine.MachineSpec;
import io.faultline.memory.Entry;
import io.faultline.memory.Errno;
import io.faultline.memory.PageBuffer;
import io.faultline.memory.PageSize;
import io.faultline.memslot.MemslotRegion;
import io.faultline.memslot.MemslotTable;
import io.faultline.memslot.SecondStage;
import io.faultline.registry.InvalidInputException;
import io.faultline.ring.EvictionState;
import io.faultline.ring.MemslotPages;
import io.faultline.ring.OutstandingShare;
import io.faultline.ring.QuarantinedPages;
import io.faultline.ring.WokenWaiters;
import io.faultline.source.ReadResult;
import io.faultline.space.AddressSpace;
import io.faultline.space.MemoryObject;
import io.faultline.staging.StagingRange;
import io.faultline.userfault.IoctlResult;
import io.faultline.userfault.MemslotPort;
import io.faultline.userfault.RaiseOutcome;
import io.faultline.userfault.SimulatedUserfaultPort;
import io.faultline.userfault.UserfaultFeatures;
import io.faultline.userfault.UserfaultModes;

/** Sets a machine's memslots up, as a virtual machine monitor does: mmap, userfaultfd, register, memory region. */
final class MemslotBuilder {
    /** Host-virtual memory begins here; the alias mappings follow behind. */
    private static final long HVA_BASE = 1L << 40;
    private static final long FEATURES = UserfaultFeatures.PAGEFAULT_FLAG_WP | UserfaultFeatures.EVENT_REMAP
            | UserfaultFeatures.EVENT_REMOVE | UserfaultFeatures.EVENT_UNMAP | UserfaultFeatures.THREAD_ID
            | UserfaultFeatures.MINOR_HUGETLBFS | UserfaultFeatures.MINOR_SHMEM
            | UserfaultFeatures.WP_HUGETLBFS_SHMEM | UserfaultFeatures.WP_UNPOPULATED | UserfaultFeatures.POISON
            | UserfaultFeatures.MOVE;

    private final MachineParts parts;
    private final MachineSpec spec;
    private final AddressSpace space;
    private final MemslotTable table = new MemslotTable();

    MemslotBuilder(MachineParts parts) {
        this.parts = parts;
        this.spec = parts.spec();
        this.space = parts.space();
    }

    MemslotParts build(int index) {
        long firstPage = parts.layout().firstPage(index);
        long pageCount = parts.layout().pagesOf(index);
        if (pageCount > Integer.MAX_VALUE) {
            throw new InvalidInputException("memslot " + index + " would have " + pageCount
                    + " pages; it can have at most " + Integer.MAX_VALUE + ": ask for more memslots");
        }
        PageSize size = spec.pageSize();
        long base = parts.kernel().isReal() ? parts.kernel().hvaStart() : HVA_BASE;
        MemslotPages pages = new MemslotPages(index, firstPage, (int) pageCount, base + (firstPage << size.shift()),
                size);
        WokenWaiters woken = new WokenWaiters();
        MemslotPort port = parts.kernel().isReal()
                ? parts.kernel().port(pages, space.hva(), woken)
                : simulated(pages, woken);
        return withSecondStage(pages, port, woken);
    }

    private MemslotPort simulated(MemslotPages pages, WokenWaiters woken) {
        int index = pages.memslot();
        MemoryObject object = newObject(pages.bytes());
        map(pages.hvaStart(), pages, object);
        MemslotPort port = parts.workshop().port(index, space, FEATURES, woken);
        int modes = UserfaultModes.REGISTER_MISSING | UserfaultModes.REGISTER_WP
                | (spec.backing() == Backing.ANON ? 0 : UserfaultModes.REGISTER_MINOR);
        IoctlResult registered = port.register(pages.hvaStart(), pages.bytes(), modes);
        if (!registered.isOk()) {
            throw new IllegalStateException("registering memslot " + index + " answered " + registered);
        }
        if (parts.moves() && spec.evicts()) {
            registerOutRange(index, port);
        }
        if (spec.minorFaults()) {
            fillThroughAlias(pages, object);
        }
        return port;
    }

    private MemslotParts withSecondStage(MemslotPages pages, MemslotPort port, WokenWaiters woken) {
        int index = pages.memslot();
        MemslotRegion region = new MemslotRegion(index, 0, pages.gpaStart(), pages.bytes(), pages.hvaStart());
        Errno set = table.set(region);
        if (set != Errno.OK) {
            throw new InvalidInputException("memslot " + index + " of " + spec.memslots() + ": KVM answers " + set
                    + " for " + region + "; it has at most " + MemslotTable.SLOTS_MAX + " memslots");
        }
        SecondStage stage = new SecondStage(parts.secondStage(), space, region);
        TakenBack takenBack = new TakenBack(parts);
        stage.observer(takenBack);
        space.observer(pages.hvaStart(), pages.hvaEnd(), stage);
        return new MemslotParts(pages, port, woken, stage, space.lease(pages.hvaStart(), pages.hvaEnd()), takenBack,
                new StagedMoves(parts), new EvictionState(parts.frames()), new BitSet(0),
                new QuarantinedPages(parts.frames()),
                new OutstandingShare(parts.counters()), parts.world().lane("userfaultfd-" + index));
    }

    /** A page can be moved only to where the mover's userfaultfd is registered. */
    private void registerOutRange(int index, MemslotPort port) {
        StagingRange range = parts.staging().outRange(index);
        IoctlResult registered = port.register(range.hva(), range.bytes(), UserfaultModes.REGISTER_MISSING);
        if (!registered.isOk()) {
            throw new IllegalStateException("registering " + range + " answered " + registered);
        }
    }

    private MemoryObject newObject(long bytes) {
        return switch (spec.backing()) {
            case ANON -> MemoryObject.anon(spec.pageSize(), bytes);
            case SHMEM -> MemoryObject.shmem(bytes);
            case HUGETLB -> MemoryObject.hugetlb(spec.pageSize(), bytes);
        };
    }

    private void map(long hva, MemslotPages pages, MemoryObject object) {
        int protection = AddressSpace.PROT_READ | AddressSpace.PROT_WRITE;
        boolean shared = spec.backing() != Backing.ANON;
        Errno mapped = space.mmap(hva, pages.bytes(), object, 0, protection, shared);
        if (mapped != Errno.OK) {
            throw new InvalidInputException(
                    "memory " + spec.memory() + ": mapping memslot " + pages.memslot() + " at 0x"
                            + Long.toHexString(hva) + " answers " + mapped + "; ask for less memory");
        }
    }

    /** Writes every page through a second, unregistered mapping of the object, so that guests find it in the cache. */
    private void fillThroughAlias(MemslotPages pages, MemoryObject object) {
        long alias = HVA_BASE + spec.memory().bytes() + (pages.firstPage() << spec.pageSize().shift());
        map(alias, pages, object);
        PageBuffer buffer = parts.isTokens() ? PageBuffer.tokens(spec.pageSize(), 1)
                : PageBuffer.bytes(spec.pageSize(), 1);
        SimulatedUserfaultPort toucher = new SimulatedUserfaultPort(spec.memslots() + pages.memslot(), space, 0L,
                new WokenWaiters());
        for (int page = 0; page < pages.pages(); page++) {
            ReadResult read = parts.source().source().read(pages.pageAt(page), buffer);
            if (!read.isOk()) {
                throw new InvalidInputException(
                        "filling page " + pages.pageAt(page) + " from " + parts.source().source().name() + ": "
                                + read.reason());
            }
            long address = alias + ((long) page << spec.pageSize().shift());
            RaiseOutcome touched = toucher.raise(0, address, true, 0);
            if (touched != RaiseOutcome.RESOLVED_BY_KERNEL) {
                throw new IllegalStateException("touching page " + pages.pageAt(page) + " through the alias mapping"
                        + " answered " + touched + "; the kernel should have given it a frame");
            }
            long frame = Entry.frame(space.hva().walk(address));
            parts.frames().contents().copyIn(frame, buffer, 0, spec.pageSize().basePages());
        }
        toucher.close();
    }
}
