package io.faultline.userfault;

import static io.faultline.userfault.UserfaultModes.COPY_DONTWAKE;
import static io.faultline.userfault.UserfaultModes.COPY_WP;
import static io.faultline.userfault.UserfaultModes.REGISTER_MISSING;
import static io.faultline.userfault.UserfaultModes.REGISTER_WP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;

import io.faultline.memory.Entry;
import io.faultline.memory.Errno;
import io.faultline.memory.PageSize;
import io.faultline.memory.PageTable;
import org.junit.jupiter.api.Test;

/** The record beside a simulated kernel, which knows what a real one would not tell. */
class RecordedPortTest {
    private static final long PAGE = PageSize.BASE_BYTES;
    private static final int PAGES = 300;
    private static final int STRANGER = 1_000;

    private final TestKernel kernel = new TestKernel();
    private final long start = kernel.registered(Memory.ANON, PAGES, REGISTER_MISSING | REGISTER_WP);
    private final PageTable present = new PageTable();
    private final List<String> raised = new ArrayList<>();
    private final List<Integer> woken = new ArrayList<>();
    private final RecordedPort port = new RecordedPort(kernel.port, new Nobody(), present, PageSize.SIZE_4K,
            thread -> thread == STRANGER ? -1 : thread,
            (waiter, address, write, _) -> raised.add(waiter + (write ? " writes " : " reads ") + page(address)),
            (waiter, _, _, _) -> woken.add(waiter));

    private record Nobody() implements RecordedPort.Attention {
        @Override
        public void attend(Runnable readable) {}

        @Override
        public void neglect() {}
    }

    private long page(long address) {
        return (address - start) / PAGE;
    }

    private long at(long page) {
        return start + page * PAGE;
    }

    private void fault(int thread, long page, boolean write) {
        assertThat(kernel.port.raise(thread, at(page), write, 0)).isEqualTo(RaiseOutcome.QUEUED);
    }

    private void read() {
        UserfaultMessages into = new UserfaultMessages(PAGES);
        assertThat(port.read(into)).isEqualTo(Errno.OK);
    }

    @Test
    void shouldKnowWhoWaitsFromTheMessagesRead() {
        fault(1, 5, false);
        fault(2, 5, true);
        fault(STRANGER, 6, false);
        assertThat(port.waiters()).as("before they are read").isZero();

        read();

        assertThat(port.waiters()).isEqualTo(2);
        assertThat(raised).containsExactly("1 reads 5", "2 writes 5");
    }

    @Test
    void shouldKnowAnyNumberOfWaiters() {
        for (int thread = 0; thread < PAGES; thread++) {
            fault(thread, thread, false);
        }
        read();

        assertThat(port.waiters()).isEqualTo(PAGES);
        assertThat(port.wake(start, PAGES * PAGE).isOk()).isTrue();
        assertThat(port.waiters()).isZero();
        assertThat(woken).hasSize(PAGES).doesNotHaveDuplicates();
    }

    @Test
    void shouldWakeNeighboursTogetherAndOnlyWhenWakesEnd() {
        for (int thread = 0; thread < 4; thread++) {
            fault(thread, new int[]{1, 2, 3, 9}[thread], false);
        }
        read();
        port.wake(at(1), PAGE);
        port.wake(at(2), PAGE);
        port.wake(at(9), PAGE);

        assertThat(woken).containsExactly(0, 1, 3);
        assertThat(kernel.sink.take()).as("in the kernel").isEmpty();
        port.endWakes();

        assertThat(kernel.sink.take()).containsExactly(0, 1, 3);
        assertThat(port.waiters()).isEqualTo(1);
        assertThat(port.wake(at(1) + 1, PAGE).errno()).isEqualTo(Errno.EINVAL);
    }

    @Test
    void shouldEnterWhatItsInstallsHaveDone() {
        port.copy(at(0), TestKernel.numbered(PageSize.SIZE_4K, 2), 0, 2 * PAGE, COPY_DONTWAKE);
        port.copy(at(2), TestKernel.numbered(PageSize.SIZE_4K, 1), 0, PAGE, COPY_DONTWAKE | COPY_WP);
        port.zeropage(at(3), PAGE, UserfaultModes.ZEROPAGE_DONTWAKE);
        port.poison(at(4), PAGE, UserfaultModes.POISON_DONTWAKE);

        assertThat(Entry.isWritable(present.walk(at(0)))).isTrue();
        assertThat(Entry.isWritable(present.walk(at(1)))).isTrue();
        assertThat(Entry.isUffdWp(present.walk(at(2)))).isTrue();
        assertThat(Entry.isPresent(present.walk(at(3)))).isTrue();
        assertThat(Entry.isPoison(present.walk(at(4)))).isTrue();
        assertThat(present.walk(at(5))).isEqualTo(Entry.NONE);

        port.writeProtect(at(2), PAGE, 0);
        port.writeProtect(at(0), PAGE, UserfaultModes.WRITEPROTECT_WP);
        assertThat(Entry.isWritable(present.walk(at(2)))).isTrue();
        assertThat(Entry.isUffdWp(present.walk(at(0)))).isTrue();
    }

    @Test
    void shouldEnterNothingForAnInstallThatWasRefused() {
        kernel.copy(at(7), Memory.ANON, 1); // behind its back

        IoctlResult result = port.copy(at(7), TestKernel.numbered(PageSize.SIZE_4K, 1), 0, PAGE, COPY_DONTWAKE);

        assertThat(result.errno()).isEqualTo(Errno.EEXIST);
        assertThat(present.walk(at(7))).isEqualTo(Entry.NONE);
    }

    @Test
    void shouldForgetWhatWasRemoved() {
        port.copy(at(0), TestKernel.numbered(PageSize.SIZE_4K, 3), 0, 3 * PAGE, COPY_DONTWAKE);
        kernel.port.removeEvent(1, at(1), at(2));
        read();

        assertThat(present.walk(at(1))).isEqualTo(Entry.NONE);
        assertThat(Entry.isPresent(present.walk(at(0)))).isTrue();
        assertThat(Entry.isPresent(present.walk(at(2)))).isTrue();
    }

    @Test
    void shouldRefuseWhatTheKernelDoesByItself() {
        assertThatThrownBy(() -> port.raise(1, start, false, 0)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> port.removeEvent(1, start, start + PAGE))
                .isInstanceOf(UnsupportedOperationException.class);
    }
}
