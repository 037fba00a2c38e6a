package io.faultline.linux.world;

import java.util.ArrayList;
import java.util.List;

import io.faultline.kernel.HostKernel;
import io.faultline.linux.call.ProcessCalls;
import io.faultline.linux.memory.NativeRegion;
import io.faultline.linux.memory.RegionBacking;
import io.faultline.linux.userfault.NativeUserfaultPort;
import io.faultline.linux.userfault.UserfaultOpening;
import io.faultline.machine.MachineSpec;
import io.faultline.memory.FrameContents;
import io.faultline.memory.PageTable;
import io.faultline.ring.MemslotPages;
import io.faultline.time.NanoClock;
import io.faultline.userfault.FailClosed;
import io.faultline.userfault.FaultSink;
import io.faultline.userfault.IoctlResult;
import io.faultline.userfault.MemslotPort;
import io.faultline.userfault.RecordedPort;
import io.faultline.userfault.UserfaultFeatures;
import io.faultline.userfault.UserfaultModes;
import io.faultline.userfault.WakeSink;

/** The memory of one machine on the real kernel: one anonymous region, and a userfaultfd for each memslot. */
final class LinuxKernel implements HostKernel {
    private static final long FEATURES =
            UserfaultFeatures.PAGEFAULT_FLAG_WP | UserfaultFeatures.THREAD_ID | UserfaultFeatures.POISON;

    private record Slot(MemslotPages pages, NativeUserfaultPort port) {}

    private final UserfaultOpening userfaultfds;
    private final NativeRegion region;
    private final RegionContents contents;
    private final ThreadNumbers threads = new ThreadNumbers();
    private final List<Slot> slots = new ArrayList<>();

    private LinuxKernel(UserfaultOpening userfaultfds, NativeRegion region) {
        this.userfaultfds = userfaultfds;
        this.region = region;
        this.contents = new RegionContents(region);
    }

    static LinuxKernel open(MachineSpec spec, UserfaultOpening userfaultfds) {
        return new LinuxKernel(userfaultfds,
                NativeRegion.map(RegionBacking.ANONYMOUS, spec.pageSize(), spec.memory().bytes()));
    }

    @Override
    public String name() {
        return LinuxWorld.NAME;
    }

    @Override
    public long hvaStart() {
        return region.address();
    }

    @Override
    public FrameContents contents() {
        return contents;
    }

    @Override
    public MemslotPort port(MemslotPages pages, PageTable present, FaultSink raised, WakeSink woken) {
        NativeUserfaultPort port = NativeUserfaultPort.open(userfaultfds, FEATURES, NanoClock.monotonic());
        slots.add(new Slot(pages, port)); // from now on it is closed with the others
        IoctlResult registered = port.register(pages.hvaStart(), pages.bytes(),
                UserfaultModes.REGISTER_MISSING | UserfaultModes.REGISTER_WP);
        if (!registered.isOk()) {
            throw new IllegalStateException(
                    "registering memslot " + pages.memslot() + " of the " + region + " answered " + registered);
        }
        return new RecordedPort(port, new LoopAttention(port.descriptor()), present, pages.pageSize(), threads::vcpuOf,
                raised, woken);
    }

    @Override
    public void enter(int vcpu) {
        threads.enter(ProcessCalls.gettid(), vcpu);
    }

    @Override
    public void leave() {
        threads.leave(ProcessCalls.gettid());
    }

    @Override
    public void abandon() {
        for (Slot slot : slots) {
            MemslotPages pages = slot.pages();
            boolean closed = FailClosed.close(slot.port(), pages.hvaStart(), pages.bytes(), pages.pageSize().bytes());
            if (!closed) {
                throw new IllegalStateException("memslot " + pages.memslot()
                        + " has an event that nobody reads; nobody here causes any");
            }
        }
    }

    @Override
    public void close() {
        slots.forEach(slot -> slot.port().close());
        region.close();
    }
}
