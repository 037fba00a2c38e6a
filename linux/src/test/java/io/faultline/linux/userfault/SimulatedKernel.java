package io.faultline.linux.userfault;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.faultline.memory.Entry;
import io.faultline.memory.Errno;
import io.faultline.memory.FramePool;
import io.faultline.memory.PageSize;
import io.faultline.space.AddressSpace;
import io.faultline.space.MemoryObject;
import io.faultline.userfault.RaiseOutcome;
import io.faultline.userfault.SimulatedUserfaultPort;
import io.faultline.userfault.UserfaultPort;
import io.faultline.userfault.WakeSink;

/** The kernel of the worlds {@code threads} and {@code virtual}. */
final class SimulatedKernel implements TestedKernel, WakeSink {
    private static final long FIRST = 1L << 40;
    private static final long SPACING = 1L << 30;
    private static final int READ_WRITE = AddressSpace.PROT_READ | AddressSpace.PROT_WRITE;

    private final FramePool frames = FramePool.bytes(4096);
    private final AddressSpace space = new AddressSpace(1, frames);
    private final List<SimulatedUserfaultPort> ports = new ArrayList<>();
    private final Map<Long, Integer> pagesAt = new HashMap<>();
    private final Set<Integer> woken = new HashSet<>();
    private final Set<Integer> released = new HashSet<>();
    private long nextAddress = FIRST;
    private int accesses;

    @Override
    public UserfaultPort newPort() {
        return add(new SimulatedUserfaultPort(ports.size(), space, FEATURES, this));
    }

    @Override
    public UserfaultPort newRawPort() {
        return add(new SimulatedUserfaultPort(ports.size(), space, this));
    }

    private UserfaultPort add(SimulatedUserfaultPort port) {
        ports.add(port);
        return port;
    }

    @Override
    public long map(boolean shared, int pages) {
        long bytes = pages * PAGE;
        return map(shared ? MemoryObject.shmem(bytes) : MemoryObject.anon(PageSize.SIZE_4K, bytes), shared, pages);
    }

    private long map(MemoryObject object, boolean shared, int pages) {
        long address = nextAddress;
        nextAddress += SPACING;
        assertThat(space.mmap(address, pages * PAGE, object, 0, READ_WRITE, shared)).isEqualTo(Errno.OK);
        pagesAt.put(address, pages);
        return address;
    }

    @Override
    public long alias(long address) {
        return map(space.vmaAt(address).object(), true, pagesAt.get(address));
    }

    @Override
    public void poke(long address, long word) {
        SimulatedUserfaultPort toucher = new SimulatedUserfaultPort(-1, space, 0, this);
        long entry = space.hva().walkAndMark(address, true);
        while (!Entry.isWritable(entry)) {
            assertThat(toucher.raise(-1, address, true, 0)).isEqualTo(RaiseOutcome.RESOLVED_BY_KERNEL);
            entry = space.hva().walkAndMark(address, true);
        }
        long frame = Entry.frameAt(entry, address);
        frames.contents().addToWord(frame, word - frames.contents().word(frame));
        toucher.close();
    }

    @Override
    public long peek(long address) {
        return frames.contents().word(Entry.frameAt(space.hva().walk(address), address));
    }

    @Override
    public char state(long address) {
        long entry = space.hva().walk(address);
        if (Entry.isPresent(entry)) {
            return Entry.isUffdWp(entry) ? 'W' : 'P';
        }
        if (Entry.isPoison(entry)) {
            return 'X';
        }
        return Entry.isUffdWpMarker(entry) ? 'w' : '-';
    }

    @Override
    public Access access(UserfaultPort port, long address, boolean write) {
        SimulatedUserfaultPort simulated = (SimulatedUserfaultPort) port;
        int waiter = accesses++;
        RaiseOutcome first = simulated.raise(waiter, address, write, 0);
        return () -> {
            RaiseOutcome outcome = first;
            if (outcome == RaiseOutcome.QUEUED) {
                assertThat(woken).as("an access did not come to its end").contains(waiter);
                long entry = space.hva().walkAndMark(address, write);
                boolean permitted = write ? Entry.isWritable(entry) : Entry.isPresent(entry);
                outcome = permitted ? RaiseOutcome.ALREADY_RESOLVED : simulated.raise(waiter, address, write, 0);
            }
            return outcome == RaiseOutcome.ALREADY_RESOLVED || outcome == RaiseOutcome.RESOLVED_BY_KERNEL;
        };
    }

    @Override
    public Access discard(UserfaultPort port, long address, long length) {
        SimulatedUserfaultPort simulated = (SimulatedUserfaultPort) port;
        int caller = accesses++;
        boolean waits = simulated.removeEvent(caller, address, address + length);
        return () -> {
            assertThat(!waits || released.contains(caller)).as("its event was read").isTrue();
            return space.discard(address, length) == Errno.OK;
        };
    }

    @Override
    public void woken(int waiter, long address, boolean write, long raisedNanos) {
        woken.add(waiter);
    }

    @Override
    public void released(int caller, int event, long first, long second) {
        released.add(caller);
    }

    @Override
    public void close() {
        ports.forEach(UserfaultPort::close);
        frames.close();
    }
}
