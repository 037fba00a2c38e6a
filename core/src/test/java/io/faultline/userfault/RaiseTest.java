package io.faultline.userfault;

import static io.faultline.userfault.UserfaultModes.REGISTER_MINOR;
import static io.faultline.userfault.UserfaultModes.REGISTER_MISSING;
import static io.faultline.userfault.UserfaultModes.REGISTER_WP;
import static io.faultline.userfault.UserfaultModes.WRITEPROTECT_WP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.faultline.memory.Entry;
import io.faultline.memory.FramePool;
import io.faultline.memory.PageSize;
import io.faultline.space.AddressSpace;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of an access that the software MMU could not make. */
class RaiseTest {
    private static final long PAGE = PageSize.BASE_BYTES;

    private final TestKernel kernel = new TestKernel();

    private RaiseOutcome read(long address) {
        return kernel.port.raise(1, address, false, 0);
    }

    private RaiseOutcome write(long address) {
        return kernel.port.raise(1, address, true, 0);
    }

    @Test
    void shouldRefuseWhatIsNotMappedOrNotPermitted() {
        assertThat(read(TestKernel.UNMAPPED)).isEqualTo(RaiseOutcome.SEGV);
        long readOnly = kernel.map(TestKernel.object(Memory.ANON, 1), PAGE, false, AddressSpace.PROT_READ);
        assertThat(write(readOnly)).isEqualTo(RaiseOutcome.SEGV);
        assertThat(read(readOnly)).isEqualTo(RaiseOutcome.RESOLVED_BY_KERNEL);
        kernel.space.mprotect(readOnly, PAGE, 0);
        assertThat(read(readOnly)).isEqualTo(RaiseOutcome.SEGV);
    }

    @Test
    void shouldSayThatASpuriousFaultIsResolved() {
        long start = kernel.registered(Memory.ANON, 1, REGISTER_MISSING);
        kernel.copy(start, Memory.ANON, 1);
        assertThat(read(start)).isEqualTo(RaiseOutcome.ALREADY_RESOLVED);
        assertThat(write(start)).isEqualTo(RaiseOutcome.ALREADY_RESOLVED);
    }

    @ParameterizedTest
    @EnumSource(Memory.class)
    void shouldTellMissingFromMinor(Memory memory) {
        int modes = REGISTER_MISSING | (memory.isAnon() ? 0 : REGISTER_MINOR);
        long start = kernel.registered(memory, 2, modes);
        if (!memory.isAnon()) {
            kernel.fillThroughAlias(start, 1);
        }
        assertThat(write(start)).isEqualTo(RaiseOutcome.QUEUED);
        assertThat(read(start + memory.pageBytes())).isEqualTo(RaiseOutcome.QUEUED);
        UserfaultMessages messages = kernel.read();
        assertThat(messages.kind(0)).isEqualTo(memory.isAnon() ? FaultKind.MISSING : FaultKind.MINOR);
        assertThat(messages.isWrite(0)).isTrue();
        assertThat(messages.flags(1)).isZero();
        assertThat(messages.kind(1)).isEqualTo(FaultKind.MISSING);
    }

    @Test
    void shouldMapTheCachedPageItselfWhenMinorIsNotRegistered() {
        long start = kernel.registered(Memory.SHMEM, 1, REGISTER_MISSING);
        kernel.fillThroughAlias(start, 1);
        assertThat(read(start)).isEqualTo(RaiseOutcome.RESOLVED_BY_KERNEL);
        assertThat(kernel.token(start)).isEqualTo(5000);
    }

    @ParameterizedTest
    @EnumSource(Memory.class)
    void shouldZeroFillWhatIsNotRegistered(Memory memory) {
        long start = kernel.map(memory, 1);
        kernel.write(start, 9);
        assertThat(kernel.token(start)).isEqualTo(9);
        boolean cached = PageMapper.cachedFrame(kernel.vma(start), start) >= 0;
        assertThat(cached).isEqualTo(memory == Memory.SHMEM_PRIVATE || memory.isShared());
    }

    @Test
    void shouldCopyAPageThatAPrivateMappingSharesWithTheCache() {
        long start = kernel.map(Memory.SHMEM_PRIVATE, 1);
        kernel.fillThroughAlias(start, 1);
        assertThat(read(start)).isEqualTo(RaiseOutcome.RESOLVED_BY_KERNEL);
        long cached = Entry.frame(kernel.entry(start));
        assertThat(write(start)).isEqualTo(RaiseOutcome.RESOLVED_BY_KERNEL);
        assertThat(Entry.frame(kernel.entry(start))).isNotEqualTo(cached);
        assertThat(kernel.token(start)).isEqualTo(5000);
        assertThat(kernel.frames.references(cached)).as("page cache and alias").isEqualTo(2);
    }

    @Test
    @DisplayName("feature SIGBUS: no message; the faulting thread gets SIGBUS")
    void shouldRaiseSigbusInsteadOfMessages() {
        TestKernel own = new TestKernel(UserfaultFeatures.SIGBUS);
        long start = own.registered(Memory.ANON, 1, REGISTER_MISSING | REGISTER_WP);
        assertThat(own.port.raise(1, start, false, 0)).isEqualTo(RaiseOutcome.SIGBUS);
        own.copy(start, Memory.ANON, 1);
        own.port.writeProtect(start, PAGE, WRITEPROTECT_WP);
        assertThat(own.port.raise(1, start, true, 0)).isEqualTo(RaiseOutcome.SIGBUS);
        assertThat(own.port.waiters() + own.port.unreadFaults()).isZero();
    }

    @Test
    void shouldRaiseSigbusPastTheEndOfTheObject() {
        long start = kernel.registeredPastEnd(2, 1, REGISTER_MISSING);
        assertThat(read(start + PAGE)).isEqualTo(RaiseOutcome.SIGBUS);
    }

    @Test
    void shouldTellThatNoFrameIsLeft() {
        TestKernel small = new TestKernel(FramePool.tokens(1), 0);
        long anon = small.map(Memory.ANON, 2);
        long shmem = small.map(Memory.SHMEM, 1);
        assertThat(small.port.raise(1, anon, false, 0)).isEqualTo(RaiseOutcome.RESOLVED_BY_KERNEL);
        assertThat(small.port.raise(1, anon + PAGE, false, 0)).isEqualTo(RaiseOutcome.NO_MEMORY);
        assertThat(small.port.raise(1, shmem, false, 0)).isEqualTo(RaiseOutcome.NO_MEMORY);
        small.frames.exclusive(Entry.frame(small.entry(anon)), false);
        small.space.mprotect(anon, PAGE, AddressSpace.PROT_READ);
        small.space.mprotect(anon, PAGE, AddressSpace.PROT_READ | AddressSpace.PROT_WRITE);
        assertThat(small.port.raise(1, anon, true, 0)).as("copy on write").isEqualTo(RaiseOutcome.NO_MEMORY);
    }

    @Test
    void shouldNotTouchARangeWhoseLeaseIsRecalled() {
        long start = kernel.registered(Memory.ANON, 2, REGISTER_WP);
        kernel.whileRecalled(start, 2 * PAGE, () -> assertThat(read(start)).isEqualTo(RaiseOutcome.RECALLED));
        assertThat(read(start)).isEqualTo(RaiseOutcome.RESOLVED_BY_KERNEL);
    }

    @Test
    void shouldQueueFaultsOfARangeWhoseLeaseIsRecalled() {
        long start = kernel.registered(Memory.ANON, 1, REGISTER_MISSING);
        kernel.whileRecalled(start, PAGE, () -> assertThat(read(start)).isEqualTo(RaiseOutcome.QUEUED));
    }

    @Test
    void shouldRefuseAFaultThatBelongsToAnotherPort() {
        long start = kernel.map(Memory.ANON, 1);
        kernel.anotherPort(2).register(start, PAGE, REGISTER_MISSING);
        assertThatThrownBy(() -> read(start))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("port 1")
                .hasMessageContaining("port 2");
    }
}
