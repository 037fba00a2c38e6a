package io.faultline.userfault;

import static org.assertj.core.api.Assertions.assertThat;

import io.faultline.memory.Errno;
import io.faultline.memory.PageSize;
import org.junit.jupiter.api.Test;

class FailClosedTest {
    private static final long PAGE = PageSize.BASE_BYTES;
    private static final int PAGES = 4;

    private final TestKernel kernel = new TestKernel();
    private final long start = kernel.registered(Memory.ANON, PAGES, UserfaultModes.REGISTER_MISSING);

    private boolean close() {
        return FailClosed.close(kernel.port, start, PAGES * PAGE, PAGE);
    }

    @Test
    void shouldFailWhoeverWaitsAndWhoeverComesLaterAndKeepWhatIsPresent() {
        kernel.copy(start + PAGE, Memory.ANON, 1);
        kernel.raiseQueued(7, start);

        assertThat(close()).isTrue();

        assertThat(kernel.port.waiters()).isZero();
        assertThat(kernel.token(start + PAGE)).isEqualTo(1000);
        for (long absent : new long[]{start, start + 2 * PAGE, start + 3 * PAGE}) {
            assertThat(kernel.port.raise(7, absent, false, 0)).isEqualTo(RaiseOutcome.SIGBUS);
        }
        assertThat(kernel.port.wake(start, PAGE).errno()).as("closed").isEqualTo(Errno.EINVAL);
    }

    @Test
    void shouldCloseOnlyOnceTheEventWasRead() {
        kernel.port.removeEvent(1, start, start + PAGE);
        assertThat(close()).isFalse();
        assertThat(kernel.port.wake(start, PAGE).isOk()).as("still open").isTrue();

        kernel.read();

        assertThat(close()).isTrue();
    }

    @Test
    void shouldCloseWhatIsGone() {
        assertThat(kernel.space.munmap(start, PAGES * PAGE)).isEqualTo(Errno.OK);

        assertThat(close()).isTrue();
    }
}
