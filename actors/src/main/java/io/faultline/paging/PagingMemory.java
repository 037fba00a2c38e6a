package io.faultline.paging;

import java.util.ArrayList;
import java.util.List;

import io.faultline.memory.Errno;
import io.faultline.memory.FramePool;
import io.faultline.memory.PageSize;
import io.faultline.memory.PageTable;
import io.faultline.memslot.MapOutcome;
import io.faultline.memslot.MemslotRegion;
import io.faultline.memslot.SecondStage;
import io.faultline.space.AddressSpace;
import io.faultline.space.HvaLease;
import io.faultline.space.MemoryObject;
import io.faultline.userfault.RaiseOutcome;
import io.faultline.userfault.SimulatedUserfaultPort;
import io.faultline.userfault.UserfaultFeatures;
import io.faultline.userfault.UserfaultModes;
import io.faultline.userfault.WakeSink;

/**
 * The guest's memory: shared memory whose page cache was filled through an alias, registered for minor faults, with
 * nothing mapped. Not thread-safe: it belongs to the loop.
 */
final class PagingMemory implements AutoCloseable {
    private static final long HVA_BASE = 1L << 40;
    private static final long FEATURES = UserfaultFeatures.MINOR_SHMEM | UserfaultFeatures.THREAD_ID;

    private final long pages;
    private final long regionBytes;
    private final long totalBytes;
    private final FramePool frames;
    private final AddressSpace space;
    private final SecondStage stage;
    private final HvaLease lease;
    private final List<Integer> woken = new ArrayList<>();
    private final List<SimulatedUserfaultPort> ports = new ArrayList<>();
    private long mapped;
    private long lastMappedNanos;

    PagingMemory(PagingRate point) {
        this.pages = (long) point.vcpus() * point.pagesPerVcpu();
        this.regionBytes = (long) point.pagesPerVcpu() << PageSize.BASE_SHIFT;
        this.totalBytes = pages << PageSize.BASE_SHIFT;
        this.frames = FramePool.tokens(pages);
        this.space = new AddressSpace(1, frames);
        MemoryObject object = MemoryObject.shmem(totalBytes);
        map(HVA_BASE, object);
        fillThroughAlias(object);
        openPorts(point);
        MemslotRegion region = new MemslotRegion(0, 0, 0, totalBytes, HVA_BASE);
        this.stage = new SecondStage(new PageTable(), space, region);
        space.observer(HVA_BASE, HVA_BASE + totalBytes, stage);
        this.lease = space.lease(HVA_BASE, HVA_BASE + totalBytes);
    }

    private void map(long hva, MemoryObject object) {
        int protection = AddressSpace.PROT_READ | AddressSpace.PROT_WRITE;
        checkOk(space.mmap(hva, totalBytes, object, 0, protection, true), "mmap");
    }

    /** The alias has no registration: a touch there is a fault of the kernel's own, which fills the page cache. */
    private void fillThroughAlias(MemoryObject object) {
        long alias = HVA_BASE + totalBytes;
        map(alias, object);
        try (var toucher = new SimulatedUserfaultPort(0, space, 0L, (_, _, _, _) -> {})) {
            for (long page = 0; page < pages; page++) {
                RaiseOutcome touched = toucher.raise(0, alias + (page << PageSize.BASE_SHIFT), true, 0);
                assert touched == RaiseOutcome.RESOLVED_BY_KERNEL : touched + " at alias page " + page;
            }
        }
    }

    private void openPorts(PagingRate point) {
        WakeSink sink = (waiter, _, _, _) -> woken.add(waiter);
        if (point.variant() == PagingVariant.USERFAULTFD_PER_VCPU) {
            for (int vcpu = 0; vcpu < point.vcpus(); vcpu++) {
                open(1 + vcpu, HVA_BASE + vcpu * regionBytes, regionBytes, sink);
            }
        } else {
            open(1, HVA_BASE, totalBytes, sink);
        }
    }

    private void open(int id, long start, long bytes, WakeSink sink) {
        var port = new SimulatedUserfaultPort(id, space, FEATURES, sink);
        checkOk(port.register(start, bytes, UserfaultModes.REGISTER_MINOR).errno(), "register");
        ports.add(port);
    }

    /** The userfaultfd that reports a vCPU's faults. */
    SimulatedUserfaultPort portOf(int vcpu) {
        return ports.get(ports.size() == 1 ? 0 : vcpu);
    }

    List<SimulatedUserfaultPort> ports() {
        return List.copyOf(ports);
    }

    long hva(int vcpu, int page) {
        return HVA_BASE + vcpu * regionBytes + ((long) page << PageSize.BASE_SHIFT);
    }

    /** UFFDIO_CONTINUE of one page, which wakes nobody: that is a step of its own. */
    void continuePage(SimulatedUserfaultPort port, long hva) {
        checkOk(port.continueMapping(hva, PageSize.BASE_BYTES, UserfaultModes.CONTINUE_DONTWAKE).errno(), "CONTINUE");
    }

    /** UFFDIO_WAKE of one page. Returns who was halted on it. */
    List<Integer> wake(SimulatedUserfaultPort port, long hva) {
        woken.clear();
        checkOk(port.wake(hva, PageSize.BASE_BYTES).errno(), "WAKE");
        return List.copyOf(woken);
    }

    void mapInSecondStage(long hva, long nowNanos) {
        MapOutcome outcome = stage.map(hva - HVA_BASE, true);
        if (outcome != MapOutcome.MAPPED) {
            throw new IllegalStateException("mapping 0x" + Long.toHexString(hva) + " answered " + outcome);
        }
        mapped++;
        lastMappedNanos = nowNanos;
    }

    long lastMappedNanos() {
        return lastMappedNanos;
    }

    void checkAllMapped() {
        if (mapped != pages) {
            throw new IllegalStateException(mapped + " of " + pages + " pages were mapped when nothing was left to do");
        }
    }

    private static void checkOk(Errno errno, String what) {
        if (errno != Errno.OK) {
            throw new IllegalStateException(what + " answered " + errno);
        }
    }

    @Override
    public void close() {
        space.endLease(lease);
        frames.close();
    }
}
