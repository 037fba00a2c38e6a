package io.faultline.linux.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

import io.faultline.linux.LinuxSupport;
import io.faultline.linux.NeedsUserfaultfd;
import io.faultline.linux.NothingLeft;
import io.faultline.linux.call.LinuxCallException;
import io.faultline.linux.userfault.DescriptorKeeper;
import io.faultline.linux.userfault.NativeUserfaultPort;
import io.faultline.linux.userfault.UserfaultOpening;
import io.faultline.memory.Errno;
import io.faultline.memory.PageBuffer;
import io.faultline.memory.PageSize;
import io.faultline.time.NanoClock;
import io.faultline.userfault.FailClosed;
import io.faultline.userfault.IoctlResult;
import io.faultline.userfault.UserfaultFeatures;
import io.faultline.userfault.UserfaultModes;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith({NeedsUserfaultfd.class, NothingLeft.class})
class NativeRegionTest {
    private static final long PAGE = PageSize.BASE_BYTES;
    private static final long FEATURES = UserfaultFeatures.PAGEFAULT_FLAG_WP | UserfaultFeatures.POISON
            | UserfaultFeatures.WP_UNPOPULATED | UserfaultFeatures.WP_HUGETLBFS_SHMEM;

    private final MemorySegment page = Arena.ofAuto().allocate(PAGE, 64);

    private static NativeRegion anonymous(int pages) {
        return NativeRegion.map(RegionBacking.ANONYMOUS, PageSize.SIZE_4K, pages * PAGE);
    }

    private static NativeUserfaultPort port(UserfaultOpening opening, NativeRegion region, int modes) {
        NativeUserfaultPort port = NativeUserfaultPort.open(opening, FEATURES, NanoClock.monotonic());
        assertThat(port.register(region.address(), region.bytes(), modes).errno()).isEqualTo(Errno.OK);
        return port;
    }

    private static NativeUserfaultPort port(NativeRegion region, int modes) {
        return port(LinuxSupport.probe().opening(), region, modes);
    }

    @ParameterizedTest
    @EnumSource(value = RegionBacking.class, names = "HUGE", mode = EnumSource.Mode.EXCLUDE)
    void shouldCopyInAndOut(RegionBacking backing) {
        try (NativeRegion region = NativeRegion.map(backing, PageSize.SIZE_4K, 2 * PAGE)) {
            page.fill((byte) 3);
            assertThat(region.write(100, page)).isEqualTo(Errno.OK);
            page.fill((byte) 0);
            assertThat(region.read(100, page)).isEqualTo(Errno.OK);
            assertThat(page.get(ValueLayout.JAVA_BYTE, PAGE - 1)).isEqualTo((byte) 3);
            assertThat(region.discard(0, 2 * PAGE)).isEqualTo(Errno.OK);
            assertThat(region.read(100, page)).isEqualTo(Errno.OK);
            assertThat(page.get(ValueLayout.JAVA_BYTE, 0)).isZero();
        }
    }

    @Test
    void shouldRefuseWhatIsNotTheRegions() {
        NativeRegion region = anonymous(1);
        assertThatThrownBy(() -> region.read(1, page)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> region.write(-1, page)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> region.discard(0, PAGE + 1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(region::alias).isInstanceOf(IllegalStateException.class);
        region.close();
        region.close();
        assertThatThrownBy(() -> region.read(0, page)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> NativeRegion.map(RegionBacking.ANONYMOUS, PageSize.SIZE_4K, PAGE + 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> NativeRegion.map(RegionBacking.HUGE, PageSize.SIZE_4K, PAGE))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> NativeRegion.map(RegionBacking.SHARED, PageSize.SIZE_2M, 1 << 21))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> NativeRegion.map(RegionBacking.ANONYMOUS, PageSize.SIZE_4K, 1L << 50))
                .isInstanceOf(LinuxCallException.class)
                .hasMessageContaining("ENOMEM");
    }

    @Test
    void shouldShowThroughAnAliasWhatWasWritten() {
        NativeRegion region = NativeRegion.map(RegionBacking.SHARED, PageSize.SIZE_4K, PAGE);
        try (NativeRegion alias = region.alias()) {
            page.fill((byte) 5);
            assertThat(alias.write(0, page)).isEqualTo(Errno.OK);
            region.close();
            page.fill((byte) 0);
            assertThat(alias.read(0, page)).isEqualTo(Errno.OK);
            assertThat(page.get(ValueLayout.JAVA_BYTE, 9)).isEqualTo((byte) 5);
        }
    }

    @Test
    void shouldAnswerEfaultForAPoisonedPageHoweverItIsTouched() {
        try (NativeRegion region = anonymous(2);
                NativeUserfaultPort port = port(region, UserfaultModes.REGISTER_MISSING)) {
            assertThat(port.copy(region.address(), PageBuffer.of(page, PageSize.SIZE_4K), 0, PAGE, 0).isOk()).isTrue();
            assertThat(port.poison(region.address() + PAGE, PAGE, 0)).isEqualTo(IoctlResult.ok(PAGE));
            assertThat(region.read(PAGE, page)).isEqualTo(Errno.EFAULT);
            assertThat(region.write(PAGE, page)).isEqualTo(Errno.EFAULT);
            assertThat(region.read(PAGE / 2, page)).as("half of it can be read").isEqualTo(Errno.EFAULT);
            assertThat(region.populate(PAGE, PAGE, false)).isEqualTo(Errno.EFAULT);
            assertThat(region.populate(PAGE, PAGE, true)).isEqualTo(Errno.EFAULT);
            assertThat(region.read(0, page)).isEqualTo(Errno.OK);
        }
    }

    /** What privileges are about: the descriptor that needs none does not serve system calls. */
    @Test
    void shouldAnswerEfaultWhereOnlyFaultsOfUserModeAreServed() {
        try (NativeRegion region = anonymous(1);
                NativeUserfaultPort port =
                        port(UserfaultOpening.USER_MODE_ONLY, region, UserfaultModes.REGISTER_MISSING)) {
            assertThat(region.read(0, page)).isEqualTo(Errno.EFAULT);
            assertThat(region.write(0, page)).isEqualTo(Errno.EFAULT);
            assertThat(port.copy(region.address(), PageBuffer.of(page, PageSize.SIZE_4K), 0, PAGE, 0).isOk()).isTrue();
            assertThat(region.read(0, page)).isEqualTo(Errno.OK);
        }
    }

    @Test
    void shouldResolveAFaultThroughTheDevice() {
        Assumptions.assumeTrue(UserfaultOpening.DEVICE.attempt().isOk(), "/dev/userfaultfd cannot be opened");
        try (NativeRegion region = anonymous(1);
                NativeUserfaultPort port = port(UserfaultOpening.DEVICE, region, UserfaultModes.REGISTER_MISSING)) {
            assertThat(port.zeropage(region.address(), PAGE, 0).isOk()).isTrue();
            assertThat(region.read(0, page)).isEqualTo(Errno.OK);
        }
    }

    @Test
    void shouldGoOnWithAKeptDescriptorAfterThePortWasClosed() {
        try (NativeRegion region = anonymous(2)) {
            NativeUserfaultPort port = port(region, UserfaultModes.REGISTER_MISSING);
            DescriptorKeeper keeper = port.keep();
            port.close();
            try (NativeUserfaultPort next = keeper.adopt(NanoClock.monotonic())) {
                keeper.close();
                assertThat(next.features()).isEqualTo(FEATURES);
                page.fill((byte) 8);
                assertThat(next.copy(region.address(), PageBuffer.of(page, PageSize.SIZE_4K), 0, PAGE, 0).isOk())
                        .isTrue();
                assertThat(FailClosed.close(next, region.address(), region.bytes(), PAGE)).isTrue();
            }
            assertThat(region.read(0, page)).isEqualTo(Errno.OK);
            assertThat(page.get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 8);
            assertThat(region.read(PAGE, page)).as("no zero page that nobody supplied").isEqualTo(Errno.EFAULT);
        }
    }

    @Test
    void shouldTellPagesAndFindThoseWrittenWithoutAHandler() {
        try (NativeRegion region = anonymous(8);
                PageMap map = PageMap.open();
                NativeUserfaultPort port = NativeUserfaultPort.open(
                        LinuxSupport.probe().opening(), UserfaultFeatures.WP_ASYNC, NanoClock.monotonic())) {
            long start = region.address();
            long end = start + region.bytes();
            assertThat(region.populate(0, 4 * PAGE, true)).isEqualTo(Errno.OK);
            assertThat(port.register(start, region.bytes(), UserfaultModes.REGISTER_WP).isOk()).isTrue();
            assertThat(port.writeProtect(start, region.bytes(), UserfaultModes.WRITEPROTECT_WP).isOk()).isTrue();
            assertThat(region.write(2 * PAGE, page)).isEqualTo(Errno.OK);
            assertThat(region.write(5 * PAGE, page)).isEqualTo(Errno.OK);
            PageScan scan = new PageScan(map, 8);
            List<Long> written = new ArrayList<>();
            PageScan.Found note = (from, to, categories) -> {
                assertThat(categories & PageScan.IS_WRITTEN).isNotZero();
                for (long at = from; at < to; at += PAGE) {
                    written.add((at - start) / PAGE);
                }
            };
            assertThat(scan.scan(start, end, PageScan.IS_WRITTEN, true, note)).isEqualTo(end);
            assertThat(written).containsExactly(2L, 5L);
            written.clear();
            assertThat(scan.scan(start, end, PageScan.IS_WRITTEN, false, note)).isEqualTo(end);
            assertThat(written).as("the scan protected what it found").isEmpty();
            long[] entries = new long[8];
            map.read(start, entries);
            assertThat(LongStream.of(entries)).allMatch(entry -> (entry & PageMap.UFFD_WP) != 0);
            assertThat(entries[0] & PageMap.PRESENT).isNotZero();
            assertThat(entries[7] & PageMap.SWAPPED).as("a marker").isNotZero();
        }
    }

    @Test
    void shouldServeHugePages() {
        NativeRegion region;
        try {
            region = NativeRegion.map(RegionBacking.HUGE, PageSize.SIZE_2M, PageSize.SIZE_2M.bytes());
        } catch (LinuxCallException none) {
            Assumptions.abort("no huge pages in the pool (vm.nr_hugepages): " + none.getMessage());
            return;
        }
        try (region; NativeUserfaultPort port = port(region, UserfaultModes.REGISTER_MISSING)) {
            PageBuffer large = PageBuffer.bytes(PageSize.SIZE_2M, 1);
            large.bytes().fill((byte) 6);
            long bytes = PageSize.SIZE_2M.bytes();
            assertThat(port.copy(region.address(), large, 0, PAGE, 0).errno()).isEqualTo(Errno.EINVAL);
            assertThat(port.zeropage(region.address(), bytes, 0).errno()).isEqualTo(Errno.EINVAL);
            assertThat(port.copy(region.address(), large, 0, bytes, 0)).isEqualTo(IoctlResult.ok(bytes));
            assertThat(region.read(bytes - PAGE, page)).isEqualTo(Errno.OK);
            assertThat(page.get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 6);
        }
    }
}
