package io.faultline.userfault;

import static io.faultline.userfault.UserfaultModes.CONTINUE_WP;
import static io.faultline.userfault.UserfaultModes.COPY_WP;
import static io.faultline.userfault.UserfaultModes.REGISTER_MINOR;
import static io.faultline.userfault.UserfaultModes.REGISTER_MISSING;
import static io.faultline.userfault.UserfaultModes.REGISTER_WP;
import static org.assertj.core.api.Assertions.assertThat;

import io.faultline.memory.Errno;
import io.faultline.memory.PageSize;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The kernel's own tests (tools/testing/selftests/mm/uffd-unit-tests.c) as facts, those that take more than one
 * operation. API is in {@link ApiTest}, register-ioctls in {@link RegisterTest}, zeropage in {@link ZeropageTest}, move
 * in {@link MoveTest}, wp-unpopulated in {@link WriteProtectTest}, poison in {@link PoisonTest}, mmap-changing in
 * {@link RemoveEventTest}. wp-fork and events need fork; minor-collapse needs MADV_COLLAPSE.
 */
class SelftestScenariosTest {
    private static final int PAGES = 8;

    private static int pages(Memory memory) {
        return memory.pageSize() == PageSize.SIZE_1G ? 1 : PAGES;
    }

    @ParameterizedTest
    @EnumSource(names = {"SHMEM", "HUGETLB_2M", "HUGETLB_1G"})
    @DisplayName("minor: alias writes do not fault; each first read is one minor fault; the reader sees flipped data")
    void minor(Memory memory) {
        minorFaults(memory, false);
    }

    @ParameterizedTest
    @EnumSource(names = {"SHMEM", "HUGETLB_2M", "HUGETLB_1G"})
    @DisplayName("minor-wp: the same, mapped protected; then a write is a WP fault")
    void minorWithWriteProtection(Memory memory) {
        minorFaults(memory, true);
    }

    private static void minorFaults(Memory memory, boolean protect) {
        TestKernel kernel = new TestKernel();
        long bytes = memory.pageBytes();
        long start = kernel.registered(memory, pages(memory), REGISTER_MINOR | (protect ? REGISTER_WP : 0));
        long alias = kernel.alias(start);
        for (int page = 0; page < pages(memory); page++) {
            kernel.write(alias + page * bytes, page);
        }
        assertThat(kernel.port.unreadFaults()).as("writes through the alias").isZero();
        for (int page = 0; page < pages(memory); page++) {
            long address = start + page * bytes;
            kernel.raiseQueued(page, address);
            UserfaultMessages messages = kernel.read();
            assertThat(messages.count()).isEqualTo(1);
            assertThat(messages.kind(0)).as("missing = 0").isEqualTo(FaultKind.MINOR);
            kernel.write(alias + page * bytes, ~page);
            int mode = protect ? CONTINUE_WP : 0;
            assertThat(kernel.port.continueMapping(messages.address(0), bytes, mode)).isEqualTo(IoctlResult.ok(bytes));
            assertThat(kernel.port.continueMapping(messages.address(0), bytes, mode).errno()).isEqualTo(Errno.EEXIST);
            assertThat(kernel.token(address)).isEqualTo(~page);
            assertWriteFaults(kernel, address, protect, bytes);
        }
    }

    private static void assertWriteFaults(TestKernel kernel, long address, boolean protect, long bytes) {
        if (!protect) {
            assertThat(kernel.port.raise(1, address, true, 0)).isEqualTo(RaiseOutcome.ALREADY_RESOLVED);
            return;
        }
        kernel.raiseQueuedWrite(1, address);
        UserfaultMessages messages = kernel.read();
        assertThat(messages.kind(0)).isEqualTo(FaultKind.WRITE_PROTECT);
        assertThat(kernel.port.writeProtect(messages.address(0), bytes, 0).isOk()).isTrue();
        assertThat(kernel.port.raise(1, address, true, 0)).isEqualTo(RaiseOutcome.ALREADY_RESOLVED);
    }

    @ParameterizedTest
    @EnumSource(Memory.class)
    @DisplayName("sigbus: one SIGBUS per page, fixed by COPY; the monitor sees 0 faults")
    void sigbus(Memory memory) {
        sigbusPerPage(memory, false);
    }

    @ParameterizedTest
    @EnumSource(Memory.class)
    @DisplayName("sigbus-wp: fixed by COPY, then un-WP")
    void sigbusWithWriteProtection(Memory memory) {
        sigbusPerPage(memory, true);
    }

    private static void sigbusPerPage(Memory memory, boolean protect) {
        TestKernel kernel = new TestKernel(UserfaultFeatures.SIGBUS);
        long bytes = memory.pageBytes();
        long start = kernel.registered(memory, pages(memory), REGISTER_MISSING | (protect ? REGISTER_WP : 0));
        int sigbus = 0;
        for (int page = 0; page < pages(memory); page++) {
            long address = start + page * bytes;
            RaiseOutcome outcome = kernel.port.raise(page, address, true, 0);
            while (outcome == RaiseOutcome.SIGBUS) {
                sigbus++;
                fix(kernel, address, memory, protect);
                outcome = kernel.port.raise(page, address, true, 0);
            }
            assertThat(outcome).isEqualTo(RaiseOutcome.ALREADY_RESOLVED);
        }
        assertThat(sigbus).isEqualTo(pages(memory));
        assertThat(kernel.read().count()).isZero();
    }

    private static void fix(TestKernel kernel, long address, Memory memory, boolean protect) {
        long bytes = memory.pageBytes();
        int mode = protect ? COPY_WP : 0;
        IoctlResult copied = kernel.port.copy(address, TestKernel.numbered(memory.pageSize(), 1), 0, bytes, mode);
        assertThat(copied).isEqualTo(IoctlResult.ok(bytes));
        if (protect) {
            assertThat(kernel.port.writeProtect(address, bytes, 0)).isEqualTo(IoctlResult.DONE);
        }
    }
}
