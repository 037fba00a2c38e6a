package io.faultline.userfault;

import static io.faultline.userfault.UserfaultModes.REGISTER_MISSING;
import static org.assertj.core.api.Assertions.assertThat;

import io.faultline.memory.Errno;
import io.faultline.memory.PageSize;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The WAKE rows of the errno table, and what was measured about waiters. */
class WakeTest {
    private static final long PAGE = PageSize.BASE_BYTES;

    private final TestKernel kernel = new TestKernel();
    private final UserfaultPort port = kernel.port;

    @Test
    @DisplayName("WAKE: unmapped address | 0; unaligned or len 0 | EINVAL")
    void shouldCheckOnlyTheShapeOfTheRange() {
        assertThat(port.wake(TestKernel.UNMAPPED, PAGE)).isEqualTo(IoctlResult.DONE);
        IoctlResult invalid = new IoctlResult(Errno.EINVAL, IoctlResult.UNTOUCHED);
        assertThat(port.wake(TestKernel.UNMAPPED + 1, PAGE)).isEqualTo(invalid);
        assertThat(port.wake(TestKernel.UNMAPPED, PAGE - 1)).isEqualTo(invalid);
        assertThat(port.wake(TestKernel.UNMAPPED, 0)).isEqualTo(invalid);
    }

    @Test
    @DisplayName("8 threads on one page give 8 messages (no coalescing), and one COPY wakes them all")
    void shouldNotMergeMessages() {
        long start = kernel.registered(Memory.ANON, 1, REGISTER_MISSING);
        for (int thread = 0; thread < 8; thread++) {
            kernel.raiseQueued(thread, start + 8L * thread);
        }
        UserfaultMessages messages = kernel.read();
        assertThat(messages.count()).isEqualTo(8);
        for (int i = 0; i < 8; i++) {
            assertThat(messages.address(i)).isEqualTo(start);
            assertThat(messages.thread(i)).isEqualTo(i);
        }
        port.copy(start, TestKernel.numbered(PageSize.SIZE_4K, 1), 0, PAGE, 0);
        assertThat(kernel.sink.take()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
        assertThat(kernel.port.waiters()).isZero();
    }

    @Test
    @DisplayName("WAKE without installing makes the thread fault again and sends a second message")
    void shouldFaultAgainWhenWokenForNothing() {
        long start = kernel.registered(Memory.ANON, 1, REGISTER_MISSING);
        kernel.raiseQueued(1, start);
        assertThat(kernel.read().count()).isEqualTo(1);
        port.wake(start, PAGE);
        assertThat(kernel.sink.take()).containsExactly(1);
        kernel.raiseQueued(1, start);
        assertThat(kernel.read().count()).isEqualTo(1);
    }

    @Test
    @DisplayName("EEXIST does not mean woken: the waiter sleeps until WAKE")
    void shouldStrandAWaiterWhoseHandlerTakesExistsForWoken() {
        long start = kernel.registered(Memory.ANON, 1, REGISTER_MISSING);
        kernel.raiseQueued(1, start);
        port.copy(start, TestKernel.numbered(PageSize.SIZE_4K, 1), 0, PAGE, UserfaultModes.COPY_DONTWAKE);
        assertThat(port.copy(start, TestKernel.numbered(PageSize.SIZE_4K, 1), 0, PAGE, 0).errno())
                .isEqualTo(Errno.EEXIST);
        assertThat(kernel.port.waiters()).isEqualTo(1);
        port.wake(start, PAGE);
        assertThat(kernel.sink.take()).containsExactly(1);
    }

    @Test
    void shouldTellTheSinkWhatTheRaiserSaid() {
        long start = kernel.registered(Memory.ANON, 1, REGISTER_MISSING);
        assertThat(kernel.port.raise(3, start + 40, true, 12345)).isEqualTo(RaiseOutcome.QUEUED);
        port.wake(start, PAGE);
        assertThat(kernel.sink.woken).containsExactly(new WokenWaiters.Woken(3, start + 40, true, 12345));
    }

    @ParameterizedTest
    @EnumSource(Memory.class)
    void shouldMaskTheAddressToThePageUnlessExact(Memory memory) {
        long offset = memory.pageBytes() - 1000;
        long start = kernel.registered(memory, 1, REGISTER_MISSING);
        kernel.raiseQueued(1, start + offset);
        assertThat(kernel.read().address(0)).isEqualTo(start);

        TestKernel exact = new TestKernel(UserfaultFeatures.EXACT_ADDRESS);
        long exactStart = exact.registered(memory, 1, REGISTER_MISSING);
        exact.raiseQueued(1, exactStart + offset);
        assertThat(exact.read().address(0)).isEqualTo(exactStart + offset);
        exact.copy(exactStart, memory, 1);
        assertThat(exact.port.waiters()).isZero();
    }

    @Test
    void shouldTellThreadsOnlyWithTheFeature() {
        TestKernel anonymous = new TestKernel(0);
        long start = anonymous.registered(Memory.ANON, 1, REGISTER_MISSING);
        anonymous.raiseQueued(42, start);
        assertThat(anonymous.read().thread(0)).isEqualTo(UserfaultMessages.NO_THREAD);
    }
}
