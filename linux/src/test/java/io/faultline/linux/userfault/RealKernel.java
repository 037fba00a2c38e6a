package io.faultline.linux.userfault;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import io.faultline.linux.LinuxSupport;
import io.faultline.linux.NothingLeft;
import io.faultline.linux.memory.NativeRegion;
import io.faultline.linux.memory.PageMap;
import io.faultline.linux.memory.RegionBacking;
import io.faultline.memory.Errno;
import io.faultline.memory.PageSize;
import io.faultline.time.NanoClock;
import io.faultline.userfault.UserfaultPort;

/** Linux. */
final class RealKernel implements TestedKernel {
    private static final long END_SECONDS = 60;

    private final UserfaultOpening opening = LinuxSupport.probe().opening();
    private final TreeMap<Long, NativeRegion> regions = new TreeMap<>();
    private final List<UserfaultPort> ports = new ArrayList<>();
    private final PageMap pageMap = PageMap.open();
    private final MemorySegment word = Arena.ofAuto().allocate(ValueLayout.JAVA_LONG);

    @Override
    public UserfaultPort newPort() {
        UserfaultPort port = NativeUserfaultPort.open(opening, FEATURES, NanoClock.monotonic());
        ports.add(port);
        return port;
    }

    @Override
    public UserfaultPort newRawPort() {
        UserfaultPort port = NativeUserfaultPort.open(opening, NanoClock.monotonic());
        ports.add(port);
        return port;
    }

    @Override
    public long map(boolean shared, int pages) {
        RegionBacking backing = shared ? RegionBacking.SHARED : RegionBacking.ANONYMOUS;
        return add(NativeRegion.map(backing, PageSize.SIZE_4K, pages * PAGE));
    }

    private long add(NativeRegion region) {
        regions.put(region.address(), region);
        return region.address();
    }

    @Override
    public long alias(long address) {
        return add(region(address).alias());
    }

    private NativeRegion region(long address) {
        Map.Entry<Long, NativeRegion> entry = regions.floorEntry(address);
        return entry.getValue();
    }

    @Override
    public void poke(long address, long value) {
        word.set(ValueLayout.JAVA_LONG, 0, value);
        NativeRegion region = region(address);
        assertThat(region.write(address - region.address(), word)).isEqualTo(Errno.OK);
    }

    @Override
    public long peek(long address) {
        NativeRegion region = region(address);
        assertThat(region.read(address - region.address(), word)).isEqualTo(Errno.OK);
        return word.get(ValueLayout.JAVA_LONG, 0);
    }

    @Override
    public char state(long address) {
        long[] entry = new long[1];
        pageMap.read(address, entry);
        boolean isProtected = (entry[0] & PageMap.UFFD_WP) != 0;
        if ((entry[0] & PageMap.PRESENT) != 0) {
            return isProtected ? 'W' : 'P';
        }
        if ((entry[0] & PageMap.SWAPPED) != 0) {
            return isProtected ? 'w' : 'X';
        }
        return '-';
    }

    @Override
    public Access access(UserfaultPort port, long address, boolean write) {
        NativeRegion region = region(address);
        MemorySegment own = Arena.ofAuto().allocate(ValueLayout.JAVA_LONG);
        long offset = address - region.address();
        return start(() -> (write ? region.write(offset, own) : region.read(offset, own)) == Errno.OK);
    }

    @Override
    public Access discard(UserfaultPort port, long address, long length) {
        NativeRegion region = region(address);
        return start(() -> region.discard(address - region.address(), length) == Errno.OK);
    }

    private static Access start(BooleanSupplier action) {
        FutureTask<Boolean> task = new FutureTask<>(action::getAsBoolean);
        Thread thread = Thread.ofPlatform().daemon().name(NothingLeft.THREAD_PREFIX + "-access").start(task);
        return () -> {
            try {
                boolean permitted = task.get(END_SECONDS, TimeUnit.SECONDS);
                thread.join();
                return permitted;
            } catch (Exception failure) {
                throw new AssertionError("an access did not come to its end", failure);
            }
        };
    }

    @Override
    public void close() {
        ports.forEach(UserfaultPort::close);
        regions.values().forEach(NativeRegion::close);
        pageMap.close();
    }
}
