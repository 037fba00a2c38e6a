package io.faultline.userfault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.function.Supplier;

import io.faultline.memory.Errno;
import io.faultline.memory.FramePool;
import io.faultline.memory.PageBuffer;
import io.faultline.memory.PageSize;
import io.faultline.space.AddressSpace;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * The rows of the errno table about the descriptor itself. The other rows: {@link RegisterTest}, {@link CopyTest},
 * {@link ZeropageTest}, {@link ContinueTest}, {@link PoisonTest}, {@link WriteProtectTest}, {@link MoveTest},
 * {@link WakeTest}, {@link RemoveEventTest}, {@link DeadMemoryTest}.
 *
 * <p>
 * Rows that do not apply to the simulated port, and why:
 * <ul>
 * <li>userfaultfd(bad flag), unprivileged without USER_MODE_ONLY, FORK without privilege: there is no system call, no
 * flag and no privilege; all accesses are those of user mode.
 * <li>a kernel-mode fault on a USER_MODE_ONLY uffd: the simulated kernel does not touch user memory by itself.
 * <li>poll, on a blocking or a fresh uffd: nobody polls a plain object; reads never block.
 * <li>a bad pointer to UFFDIO_API, an unknown ioctl: parameters and method names are checked by the compiler.
 * <li>REGISTER of a regular file or a read-only shared file: memory objects are anonymous, shmem or hugetlb, and none is
 * opened read-only.
 * <li>MOVE of a pinned page, with a mlock mismatch, or across address spaces: pages are not pinned or locked, and a port
 * serves one address space.
 * <li>MOVE of a page shared by fork: fork comes later; the sharing is tested by giving the frame a second owner.
 * </ul>
 */
class ApiTest {
    private static final long PAGE = PageSize.BASE_BYTES;

    private final AddressSpace space = new AddressSpace(1, FramePool.tokens(16));
    private final SimulatedUserfaultPort port = new SimulatedUserfaultPort(1, space, new WokenWaiters());

    @Test
    @DisplayName("Selftest API: 0xAB fails, bit 63 fails, (0xAA, 0) succeeds, a second call fails")
    void shouldMakeTheHandshakeOnce() {
        assertThat(port.api(0xAB, 0)).isEqualTo(new ApiAnswer(Errno.EINVAL, 0, 0));
        assertThat(port.api(0xAA, 1L << 63)).isEqualTo(new ApiAnswer(Errno.EINVAL, 0, 0));
        assertThat(port.api(0xAA, 0)).isEqualTo(new ApiAnswer(Errno.OK, 0x1ffff, 0x8000000000000003L));
        assertThat(port.api(0xAA, 0)).isEqualTo(new ApiAnswer(Errno.EINVAL, 0, 0));
    }

    @Test
    @DisplayName("UFFDIO_API: unknown feature bit 17 | EINVAL")
    void shouldRefuseTheFirstUnknownFeature() {
        assertThat(port.api(0xAA, 1L << 17).errno()).isEqualTo(Errno.EINVAL);
        assertThatThrownBy(() -> new SimulatedUserfaultPort(2, space, 1L << 17, new WokenWaiters()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0x20000");
    }

    @Test
    @DisplayName("WP_ASYNC implies WP_UNPOPULATED")
    void shouldBringMarkersWithAsynchronousProtection() {
        assertThat(port.api(0xAA, UserfaultFeatures.WP_ASYNC).isOk()).isTrue();
        assertThat(port.features()).isEqualTo(UserfaultFeatures.WP_ASYNC | UserfaultFeatures.WP_UNPOPULATED);
    }

    @Test
    @DisplayName("any ioctl or read before UFFDIO_API | EINVAL")
    void shouldRefuseEverythingBeforeTheHandshake() {
        refusesEverything();
    }

    @Test
    void shouldRefuseEverythingAfterClose() {
        port.api(0xAA, 0);
        port.close();
        refusesEverything();
        assertThat(port.api(0xAA, 0).errno()).isEqualTo(Errno.EINVAL);
    }

    private void refusesEverything() {
        PageBuffer page = PageBuffer.tokens(PageSize.SIZE_4K, 1);
        List<Supplier<IoctlResult>> calls = List.of(
                () -> port.register(0, PAGE, UserfaultModes.REGISTER_MISSING),
                () -> port.unregister(0, PAGE),
                () -> port.copy(0, page, 0, PAGE, 0),
                () -> port.zeropage(0, PAGE, 0),
                () -> port.continueMapping(0, PAGE, 0),
                () -> port.move(0, PAGE, PAGE, 0),
                () -> port.writeProtect(0, PAGE, 0),
                () -> port.poison(0, PAGE, 0),
                () -> port.wake(0, PAGE));
        assertThat(calls).allSatisfy(
                call -> assertThat(call.get()).isEqualTo(new IoctlResult(Errno.EINVAL, IoctlResult.UNTOUCHED)));
        assertThat(port.read(new UserfaultMessages(1))).isEqualTo(Errno.EINVAL);
    }

    @Test
    @DisplayName("read, non-blocking: nothing there / buffer < 32 bytes | EAGAIN / EINVAL")
    void shouldAnswerReadsThatBringNothing() {
        port.api(0xAA, 0);
        assertThat(port.read(new UserfaultMessages(1))).isEqualTo(Errno.EAGAIN);
        UserfaultMessages full = new UserfaultMessages(1);
        full.addFault(0, 0, 0, 0);
        assertThat(port.read(full)).isEqualTo(Errno.EINVAL);
    }

    @Test
    void shouldLetEverybodyGoOnClose() {
        TestKernel kernel = new TestKernel();
        long start = kernel.registered(Memory.ANON, 2, UserfaultModes.REGISTER_MISSING);
        kernel.raiseQueued(1, start);
        kernel.raiseQueued(2, start + PAGE);
        kernel.port.removeEvent(9, start, start + PAGE);
        kernel.port.close();
        assertThat(kernel.sink.take()).containsExactlyInAnyOrder(1, 2);
        assertThat(kernel.sink.released).hasSize(1);
        assertThat(kernel.vma(start).registration()).isNull();
        assertThat(kernel.port.raise(1, start, false, 0)).as("close lets waiters read zeros")
                .isEqualTo(RaiseOutcome.RESOLVED_BY_KERNEL);
        assertThat(kernel.token(start)).isZero();
    }
}
