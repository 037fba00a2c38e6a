package io.faultline.userfault;

import static io.faultline.userfault.UserfaultModes.REGISTER_MINOR;
import static io.faultline.userfault.UserfaultModes.REGISTER_MISSING;
import static io.faultline.userfault.UserfaultModes.REGISTER_WP;
import static io.faultline.userfault.UserfaultModes.WRITEPROTECT_DONTWAKE;
import static io.faultline.userfault.UserfaultModes.WRITEPROTECT_WP;
import static org.assertj.core.api.Assertions.assertThat;

import io.faultline.memory.Entry;
import io.faultline.memory.Errno;
import io.faultline.memory.PageSize;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The WRITEPROTECT rows of the errno table, and markers. */
class WriteProtectTest {
    private static final long PAGE = PageSize.BASE_BYTES;
    private static final IoctlResult NOT_THERE = new IoctlResult(Errno.ENOENT, IoctlResult.UNTOUCHED);
    private static final IoctlResult INVALID = new IoctlResult(Errno.EINVAL, IoctlResult.UNTOUCHED);

    private final TestKernel kernel = new TestKernel();
    private final UserfaultPort port = kernel.port;

    @ParameterizedTest
    @EnumSource(Memory.class)
    void shouldFaultOnTheWriteAndNotOnTheReadUntilUnprotected(Memory memory) {
        long start = kernel.registered(memory, 1, REGISTER_MISSING | REGISTER_WP);
        long bytes = memory.pageBytes();
        kernel.copy(start, memory, 1);
        assertThat(port.writeProtect(start, bytes, WRITEPROTECT_WP)).isEqualTo(IoctlResult.DONE);
        assertThat(kernel.port.raise(1, start, false, 0)).isEqualTo(RaiseOutcome.ALREADY_RESOLVED);
        kernel.raiseQueuedWrite(2, start + bytes - 8);
        UserfaultMessages messages = kernel.read();
        assertThat(messages.flags(0)).isEqualTo(UserfaultEvents.FAULT_WP | UserfaultEvents.FAULT_WRITE);
        assertThat(messages.address(0)).isEqualTo(start + bytes - memory.pageBytes());
        assertThat(port.writeProtect(start, bytes, 0)).isEqualTo(IoctlResult.DONE);
        assertThat(kernel.sink.take()).containsExactly(2);
        assertThat(kernel.port.raise(2, start, true, 0)).isEqualTo(RaiseOutcome.ALREADY_RESOLVED);
        assertThat(Entry.isUffdWp(kernel.entry(start))).isFalse();
    }

    @Test
    @DisplayName("WRITEPROTECT: not WP-registered, unregistered, unmapped | ENOENT")
    void shouldRefuseWhatIsNotRegisteredForIt() {
        assertThat(port.writeProtect(kernel.registered(Memory.ANON, 1, REGISTER_MISSING), PAGE, WRITEPROTECT_WP))
                .isEqualTo(NOT_THERE);
        assertThat(port.writeProtect(kernel.map(Memory.ANON, 1), PAGE, 0)).isEqualTo(NOT_THERE);
        assertThat(port.writeProtect(TestKernel.UNMAPPED, PAGE, WRITEPROTECT_WP)).isEqualTo(NOT_THERE);
    }

    @Test
    @DisplayName("WRITEPROTECT: WP with DONTWAKE, bad mode, unaligned, len 0, 4K on hugetlb | EINVAL")
    void shouldRefuseMalformedRequests() {
        long start = kernel.registered(Memory.ANON, 1, REGISTER_WP);
        assertThat(port.writeProtect(start, PAGE, WRITEPROTECT_WP | WRITEPROTECT_DONTWAKE)).isEqualTo(INVALID);
        assertThat(port.writeProtect(start, PAGE, 4)).isEqualTo(INVALID);
        assertThat(port.writeProtect(start + 8, PAGE, WRITEPROTECT_WP)).isEqualTo(INVALID);
        assertThat(port.writeProtect(start, 0, WRITEPROTECT_WP)).isEqualTo(INVALID);
        for (Memory memory : new Memory[]{Memory.HUGETLB_2M, Memory.HUGETLB_1G}) {
            long huge = kernel.registered(memory, 1, REGISTER_WP);
            assertThat(port.writeProtect(huge, PAGE, WRITEPROTECT_WP)).isEqualTo(INVALID);
        }
    }

    @Test
    void shouldProtectAcrossMappingsAndHoles() {
        long first = kernel.registered(Memory.ANON, 1, REGISTER_MISSING | REGISTER_WP);
        long second = kernel.registered(Memory.SHMEM, 1, REGISTER_MISSING | REGISTER_WP);
        kernel.copy(first, Memory.ANON, 1);
        kernel.copy(second, Memory.SHMEM, 1);
        assertThat(port.writeProtect(first, second + PAGE - first, WRITEPROTECT_WP).isOk()).isTrue();
        assertThat(Entry.isUffdWp(kernel.entry(first)) && Entry.isUffdWp(kernel.entry(second))).isTrue();
    }

    @Test
    void shouldLeaveWaitersAsleepWhenToldTo() {
        long start = kernel.registered(Memory.ANON, 1, REGISTER_MISSING | REGISTER_WP);
        kernel.copy(start, Memory.ANON, 1);
        port.writeProtect(start, PAGE, WRITEPROTECT_WP);
        kernel.raiseQueuedWrite(1, start);
        assertThat(port.writeProtect(start, PAGE, WRITEPROTECT_DONTWAKE).isOk()).isTrue();
        assertThat(kernel.sink.take()).isEmpty();
        assertThat(Entry.isWritable(kernel.entry(start))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName("Selftest wp-unpopulated: marker set and cleared; DONTNEED drops it; write after the drop is not WP")
    void shouldMarkEmptyAnonymousEntriesWithTheFeatureOnly(boolean unpopulated) {
        TestKernel own = new TestKernel(unpopulated ? UserfaultFeatures.WP_UNPOPULATED : 0);
        long start = own.registered(Memory.ANON, 1, REGISTER_WP);
        own.port.writeProtect(start, PAGE, WRITEPROTECT_WP);
        assertThat(Entry.isUffdWpMarker(own.entry(start))).isEqualTo(unpopulated);
        own.port.writeProtect(start, PAGE, 0);
        assertThat(own.entry(start)).isEqualTo(Entry.NONE);
        own.port.writeProtect(start, PAGE, WRITEPROTECT_WP);
        own.space.discard(start, PAGE);
        assertThat(own.entry(start)).isEqualTo(Entry.NONE);
        assertThat(own.port.raise(1, start, true, 0)).isEqualTo(RaiseOutcome.RESOLVED_BY_KERNEL);
        assertThat(Entry.isWritable(own.entry(start))).isTrue();
    }

    @Test
    @DisplayName("Selftest wp-unpopulated: reading a marked page works, and the write after it is WP")
    void shouldKeepTheProtectionOfAMarkerOverARead() {
        long start = kernel.registered(Memory.ANON, 2, REGISTER_WP);
        port.writeProtect(start, 2 * PAGE, WRITEPROTECT_WP);
        assertThat(kernel.port.raise(1, start, false, 0)).isEqualTo(RaiseOutcome.RESOLVED_BY_KERNEL);
        assertThat(kernel.token(start)).isZero();
        kernel.raiseQueuedWrite(1, start);
        kernel.raiseQueuedWrite(2, start + PAGE);
        UserfaultMessages messages = kernel.read();
        assertThat(messages.kind(0)).isEqualTo(FaultKind.WRITE_PROTECT);
        assertThat(messages.kind(1)).as("the first touch is a write").isEqualTo(FaultKind.WRITE_PROTECT);
    }

    @Test
    void shouldReportAMarkedPageAsMissingWhenRegisteredForThatToo() {
        long start = kernel.registered(Memory.ANON, 1, REGISTER_MISSING | REGISTER_WP);
        port.writeProtect(start, PAGE, WRITEPROTECT_WP);
        kernel.raiseQueuedWrite(1, start);
        assertThat(kernel.read().flags(0)).isEqualTo(UserfaultEvents.FAULT_WRITE);
    }

    @ParameterizedTest
    @EnumSource(names = {"SHMEM", "HUGETLB_2M", "HUGETLB_1G"})
    void shouldKeepFileProtectionAsAMarkerWhenThePageIsZapped(Memory memory) {
        long start = kernel.registered(memory, 1, REGISTER_WP | REGISTER_MINOR);
        long bytes = memory.pageBytes();
        kernel.copy(start, memory, 1);
        port.writeProtect(start, bytes, WRITEPROTECT_WP);
        kernel.space.discard(start, bytes);
        assertThat(Entry.isUffdWpMarker(kernel.entry(start))).isTrue();
        kernel.raiseQueued(1, start);
        assertThat(kernel.read().kind(0)).isEqualTo(FaultKind.MINOR);
    }

    @Test
    @DisplayName("WP_ASYNC: the kernel un-protects by itself")
    void shouldUnprotectByItselfWhenAsynchronous() {
        TestKernel own = new TestKernel(UserfaultFeatures.WP_ASYNC);
        long start = own.registered(Memory.ANON, 1, REGISTER_WP);
        own.copy(start, Memory.ANON, 1);
        own.port.writeProtect(start, PAGE, WRITEPROTECT_WP);
        assertThat(own.port.raise(1, start, true, 0)).isEqualTo(RaiseOutcome.RESOLVED_BY_KERNEL);
        assertThat(Entry.isWritable(own.entry(start)) && !Entry.isUffdWp(own.entry(start))).isTrue();
        assertThat(own.port.unreadFaults()).isZero();
    }

    @Test
    void shouldShatterALargePageWhenOnlyAPartIsProtected() {
        long start = kernel.registered(Memory.ANON, 512, REGISTER_MISSING | REGISTER_WP);
        kernel.copyLarge(start);
        assertThat(port.writeProtect(start + PAGE, PAGE, WRITEPROTECT_WP).isOk()).isTrue();
        assertThat(Entry.isUffdWp(kernel.entry(start + PAGE))).isTrue();
        assertThat(Entry.isWritable(kernel.entry(start))).isTrue();
        assertThat(Entry.isWritable(kernel.entry(start + 2 * PAGE))).isTrue();
    }

    @Test
    void shouldNotMakeWritableWhatTheMappingForbids() {
        long start = kernel.registered(Memory.ANON, 1, REGISTER_MISSING | REGISTER_WP);
        kernel.copy(start, Memory.ANON, 1);
        port.writeProtect(start, PAGE, WRITEPROTECT_WP);
        kernel.space.mprotect(start, PAGE, 1);
        assertThat(port.writeProtect(start, PAGE, 0).isOk()).isTrue();
        assertThat(Entry.isWritable(kernel.entry(start))).isFalse();
        assertThat(kernel.port.raise(1, start, true, 0)).isEqualTo(RaiseOutcome.SEGV);
    }

    @Test
    void shouldForgetProtectionNobodyIsRegisteredForAnyMore() {
        long start = kernel.registered(Memory.ANON, 1, REGISTER_WP);
        kernel.copy(start, Memory.ANON, 1);
        port.writeProtect(start, PAGE, WRITEPROTECT_WP);
        kernel.register(start, PAGE, REGISTER_MISSING);
        assertThat(kernel.port.raise(1, start, true, 0)).isEqualTo(RaiseOutcome.RESOLVED_BY_KERNEL);
        assertThat(Entry.isWritable(kernel.entry(start))).isTrue();
    }
}
