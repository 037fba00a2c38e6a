package io.faultline.userfault;

import static io.faultline.userfault.UserfaultModes.REGISTER_MISSING;
import static io.faultline.userfault.UserfaultModes.REGISTER_WP;
import static io.faultline.userfault.UserfaultModes.WRITEPROTECT_WP;
import static org.assertj.core.api.Assertions.assertThat;

import io.faultline.memory.Entry;
import io.faultline.memory.Errno;
import io.faultline.memory.PageSize;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The POISON rows of the errno table. */
class PoisonTest {
    private static final long PAGE = PageSize.BASE_BYTES;
    private static final IoctlResult EXISTS = new IoctlResult(Errno.EEXIST, -17);

    private final TestKernel kernel = new TestKernel();
    private final UserfaultPort port = kernel.port;

    @ParameterizedTest
    @EnumSource(Memory.class)
    @DisplayName("POISON: present or already poisoned | EEXIST; touching poison | SIGBUS; COPY over it | succeeds")
    void shouldPoisonWhatIsEmptyUntilItIsCopiedOver(Memory memory) {
        long bytes = memory.pageBytes();
        long start = kernel.registered(memory, 2, REGISTER_MISSING);
        kernel.copy(start + bytes, memory, 1);
        assertThat(port.poison(start, bytes, 0)).isEqualTo(IoctlResult.ok(bytes));
        assertThat(port.poison(start, bytes, 0)).as("already poisoned").isEqualTo(EXISTS);
        assertThat(port.poison(start + bytes, bytes, 0)).as("present").isEqualTo(EXISTS);
        assertThat(kernel.port.raise(1, start + bytes / 2, false, 0)).isEqualTo(RaiseOutcome.SIGBUS);
        assertThat(kernel.port.raise(1, start, true, 0)).isEqualTo(RaiseOutcome.SIGBUS);
        kernel.copy(start, memory, 1);
        assertThat(kernel.port.raise(1, start, true, 0)).isEqualTo(RaiseOutcome.ALREADY_RESOLVED);
    }

    @Test
    @DisplayName("POISON: over a write-protect marker | EEXIST")
    void shouldRefuseAMarker() {
        long start = kernel.registered(Memory.ANON, 1, REGISTER_MISSING | REGISTER_WP);
        assertThat(port.writeProtect(start, PAGE, WRITEPROTECT_WP).isOk()).isTrue();
        assertThat(port.poison(start, PAGE, 0)).isEqualTo(EXISTS);
    }

    @Test
    @DisplayName("POISON: unregistered | ENOENT")
    void shouldRefuseWhatIsNotRegistered() {
        long start = kernel.map(Memory.ANON, 1);
        assertThat(port.poison(start, PAGE, 0)).isEqualTo(new IoctlResult(Errno.ENOENT, -2));
    }

    @Test
    void shouldStopHalfWayAndRefuseWhatIsMalformed() {
        long start = kernel.registered(Memory.ANON, 2, REGISTER_MISSING);
        kernel.copy(start + PAGE, Memory.ANON, 1);
        assertThat(port.poison(start, 2 * PAGE, 0)).isEqualTo(new IoctlResult(Errno.EAGAIN, PAGE));
        IoctlResult invalid = new IoctlResult(Errno.EINVAL, IoctlResult.UNTOUCHED);
        assertThat(port.poison(start, PAGE, 2)).isEqualTo(invalid);
        assertThat(port.poison(start, PAGE + 8, 0)).isEqualTo(invalid);
        long shmem = kernel.registeredPastEnd(2, 1, REGISTER_MISSING);
        assertThat(port.poison(shmem + PAGE, PAGE, 0)).isEqualTo(new IoctlResult(Errno.EFAULT, -14));
    }

    @Test
    void shouldWakeThoseWhoThenMeetTheError() {
        long start = kernel.registered(Memory.ANON, 2, REGISTER_MISSING);
        kernel.raiseQueued(1, start);
        kernel.raiseQueued(2, start + PAGE);
        port.poison(start, PAGE, 0);
        port.poison(start + PAGE, PAGE, UserfaultModes.POISON_DONTWAKE);
        assertThat(kernel.sink.take()).containsExactly(1);
        assertThat(kernel.port.raise(1, start, false, 0)).isEqualTo(RaiseOutcome.SIGBUS);
    }

    @ParameterizedTest
    @EnumSource(Memory.class)
    @DisplayName("Selftest poison: even pages POISON, odd COPY of zeros; SIGBUS count = pages/2")
    void shouldRaiseSigbusOnHalfOfThePages(Memory memory) {
        int pages = memory == Memory.HUGETLB_1G ? 2 : 16;
        long bytes = memory.pageBytes();
        long start = kernel.registered(memory, pages, REGISTER_MISSING);
        int sigbus = 0;
        for (int page = 0; page < pages; page++) {
            long address = start + page * bytes;
            kernel.raiseQueued(page, address);
            UserfaultMessages messages = kernel.read();
            assertThat(messages.count()).isEqualTo(1);
            if (page % 2 == 0) {
                assertThat(port.poison(messages.address(0), bytes, 0).isOk()).isTrue();
            } else {
                kernel.copy(messages.address(0), memory, 1);
            }
            sigbus += kernel.port.raise(page, address, false, 0) == RaiseOutcome.SIGBUS ? 1 : 0;
        }
        assertThat(sigbus).isEqualTo(pages / 2);
    }

    @Test
    void shouldLosePoisonWithTheRange() {
        long start = kernel.registered(Memory.ANON, 1, REGISTER_MISSING);
        port.poison(start, PAGE, 0);
        kernel.space.discard(start, PAGE);
        assertThat(kernel.entry(start)).isEqualTo(Entry.NONE);
    }
}
