package io.faultline.userfault;

import static io.faultline.userfault.UserfaultModes.REGISTER_MISSING;
import static io.faultline.userfault.UserfaultModes.REGISTER_WP;
import static io.faultline.userfault.UserfaultModes.WRITEPROTECT_WP;
import static org.assertj.core.api.Assertions.assertThat;

import io.faultline.memory.Errno;
import io.faultline.memory.FramePool;
import io.faultline.memory.PageSize;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The ZEROPAGE rows of the errno table. */
class ZeropageTest {
    private static final long PAGE = PageSize.BASE_BYTES;
    private static final IoctlResult EXISTS = new IoctlResult(Errno.EEXIST, -17);

    private final TestKernel kernel = new TestKernel();
    private final UserfaultPort port = kernel.port;

    @ParameterizedTest
    @EnumSource(Memory.class)
    @DisplayName("Selftest zeropage: where advertised the page size, bytes 0, repeat EEXIST; else EINVAL")
    void shouldMapZerosWhereAdvertised(Memory memory) {
        long start = kernel.map(memory, 1);
        long ioctls = port.register(start, memory.pageBytes(), REGISTER_MISSING).field();
        IoctlResult result = port.zeropage(start, memory.pageBytes(), 0);
        if ((ioctls & UserfaultIoctls.bit(UserfaultIoctls.ZEROPAGE)) == 0) {
            assertThat(memory.isHugetlb()).isTrue();
            assertThat(result).isEqualTo(new IoctlResult(Errno.EINVAL, -22));
            return;
        }
        assertThat(result).isEqualTo(IoctlResult.ok(PAGE));
        assertThat(kernel.token(start)).isZero();
        assertThat(port.zeropage(start, PAGE, 0)).isEqualTo(EXISTS);
    }

    @Test
    void shouldZeroAFrameThatHeldSomethingElse() {
        TestKernel small = new TestKernel(FramePool.tokens(1), 0);
        long start = small.registered(Memory.ANON, 1, REGISTER_MISSING);
        small.copy(start, Memory.ANON, 1);
        assertThat(small.token(start)).isNotZero();
        assertThat(small.space.discard(start, PAGE)).isEqualTo(Errno.OK);
        assertThat(small.port.zeropage(start, PAGE, 0).isOk()).isTrue();
        assertThat(small.token(start)).isZero();
    }

    @Test
    @DisplayName("ZEROPAGE: present or poisoned | EEXIST")
    void shouldRefuseWhatIsNotEmpty() {
        long start = kernel.registered(Memory.ANON, 4, REGISTER_MISSING | REGISTER_WP);
        kernel.copy(start, Memory.ANON, 1);
        assertThat(port.poison(start + PAGE, PAGE, 0).isOk()).isTrue();
        assertThat(port.writeProtect(start + 2 * PAGE, PAGE, WRITEPROTECT_WP).isOk()).isTrue();
        assertThat(port.zeropage(start, PAGE, 0)).as("present").isEqualTo(EXISTS);
        assertThat(port.zeropage(start + PAGE, PAGE, 0)).as("poisoned").isEqualTo(EXISTS);
        assertThat(port.zeropage(start + 2 * PAGE, PAGE, 0)).as("a marker, which only COPY overwrites")
                .isEqualTo(EXISTS);
        assertThat(port.zeropage(start + 3 * PAGE, PAGE, 0).isOk()).isTrue();
    }

    @Test
    @DisplayName("ZEROPAGE: shared memory, a marker of poison or write protection | ok, as measured")
    void shouldOverwriteMarkersOfSharedMemory() {
        long start = kernel.registered(Memory.SHMEM, 2, REGISTER_MISSING | REGISTER_WP);
        assertThat(port.poison(start, PAGE, 0).isOk()).isTrue();
        assertThat(port.writeProtect(start + PAGE, PAGE, WRITEPROTECT_WP).isOk()).isTrue();
        assertThat(port.zeropage(start, 2 * PAGE, 0)).isEqualTo(IoctlResult.ok(2 * PAGE));
        assertThat(kernel.token(start)).isZero();
        assertThat(kernel.token(start + PAGE)).isZero();
    }

    @Test
    @DisplayName("ZEROPAGE: in the shmem page cache | EEXIST")
    void shouldRefuseAPageOfTheSharedPageCache() {
        long start = kernel.registered(Memory.SHMEM, 1, REGISTER_MISSING);
        kernel.fillThroughAlias(start, 1);
        assertThat(port.zeropage(start, PAGE, 0)).isEqualTo(EXISTS);
    }

    @Test
    @DisplayName("ZEROPAGE: unregistered | ENOENT")
    void shouldRefuseWhatIsNotRegistered() {
        long start = kernel.map(Memory.ANON, 1);
        assertThat(port.zeropage(start, PAGE, 0)).isEqualTo(new IoctlResult(Errno.ENOENT, -2));
    }

    @Test
    void shouldStopHalfWayAndRefuseWhatIsMalformed() {
        long start = kernel.registered(Memory.ANON, 3, REGISTER_MISSING);
        kernel.copy(start + 2 * PAGE, Memory.ANON, 1);
        assertThat(port.zeropage(start, 3 * PAGE, 0)).isEqualTo(new IoctlResult(Errno.EAGAIN, 2 * PAGE));
        IoctlResult invalid = new IoctlResult(Errno.EINVAL, IoctlResult.UNTOUCHED);
        assertThat(port.zeropage(start, PAGE, 2)).isEqualTo(invalid);
        assertThat(port.zeropage(start + 1, PAGE, 0)).isEqualTo(invalid);
        assertThat(port.zeropage(start, 0, 0)).isEqualTo(invalid);
    }

    @Test
    void shouldWakeUnlessToldNotTo() {
        long start = kernel.registered(Memory.ANON, 2, REGISTER_MISSING);
        kernel.raiseQueued(1, start);
        kernel.raiseQueued(2, start + PAGE);
        port.zeropage(start, PAGE, 0);
        port.zeropage(start + PAGE, PAGE, UserfaultModes.ZEROPAGE_DONTWAKE);
        assertThat(kernel.sink.take()).containsExactly(1);
    }

    @Test
    @DisplayName("ZEROPAGE without frames | ENOMEM, f = -12, or EAGAIN with the bytes done")
    void shouldSayHowFarTheFramesReached() {
        TestKernel small = new TestKernel(FramePool.tokens(2), 0);
        long start = small.registered(Memory.ANON, 3, REGISTER_MISSING);
        assertThat(small.port.zeropage(start, 3 * PAGE, 0)).isEqualTo(new IoctlResult(Errno.EAGAIN, 2 * PAGE));
        assertThat(small.port.zeropage(start + 2 * PAGE, PAGE, 0)).isEqualTo(new IoctlResult(Errno.ENOMEM, -12));
    }
}
