package io.faultline.userfault;

import static org.assertj.core.api.Assertions.assertThat;

import io.faultline.memory.Errno;
import io.faultline.memory.PageBuffer;
import io.faultline.memory.PageSize;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The rows of the errno table about an address space that is gone. */
class DeadMemoryTest {
    private static final long PAGE = PageSize.BASE_BYTES;

    private final TestKernel kernel = new TestKernel();
    private final UserfaultPort port = kernel.port;
    private final long start = kernel.registered(Memory.ANON, 1, UserfaultModes.REGISTER_MISSING);

    @Test
    @DisplayName("COPY, ZEROPAGE, POISON, CONTINUE, WP / WAKE / MOVE after mm died | ESRCH, f untouched / 0 / EINVAL")
    void shouldTellThatTheMemoryIsGone() {
        kernel.space.exit();
        IoctlResult gone = new IoctlResult(Errno.ESRCH, IoctlResult.UNTOUCHED);
        assertThat(port.copy(start, PageBuffer.tokens(PageSize.SIZE_4K, 1), 0, PAGE, 0)).isEqualTo(gone);
        assertThat(port.zeropage(start, PAGE, 0)).isEqualTo(gone);
        assertThat(port.poison(start, PAGE, 0)).isEqualTo(gone);
        assertThat(port.continueMapping(start, PAGE, 0)).isEqualTo(gone);
        assertThat(port.writeProtect(start, PAGE, 0)).isEqualTo(gone);
        assertThat(port.wake(start, PAGE)).isEqualTo(IoctlResult.DONE);
        assertThat(port.move(start, start + PAGE, PAGE, 0))
                .isEqualTo(new IoctlResult(Errno.EINVAL, IoctlResult.UNTOUCHED));
    }

    @Test
    @DisplayName("REGISTER, UNREGISTER: mm dead | ENOMEM")
    void shouldRefuseRegistration() {
        kernel.space.exit();
        IoctlResult none = new IoctlResult(Errno.ENOMEM, IoctlResult.UNTOUCHED);
        assertThat(port.register(start, PAGE, UserfaultModes.REGISTER_MISSING)).isEqualTo(none);
        assertThat(port.unregister(start, PAGE)).isEqualTo(none);
    }

    @Test
    void shouldStillBeClosable() {
        kernel.raiseQueued(1, start);
        kernel.space.exit();
        port.close();
        assertThat(kernel.sink.take()).containsExactly(1);
        assertThat(kernel.port.raise(1, start, false, 0)).isEqualTo(RaiseOutcome.SEGV);
    }
}
