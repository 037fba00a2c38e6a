package io.faultline.userfault;

import static io.faultline.userfault.UserfaultModes.CONTINUE_DONTWAKE;
import static io.faultline.userfault.UserfaultModes.CONTINUE_WP;
import static io.faultline.userfault.UserfaultModes.REGISTER_MINOR;
import static io.faultline.userfault.UserfaultModes.REGISTER_MISSING;
import static io.faultline.userfault.UserfaultModes.REGISTER_WP;
import static org.assertj.core.api.Assertions.assertThat;

import io.faultline.memory.Entry;
import io.faultline.memory.Errno;
import io.faultline.memory.PageSize;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The CONTINUE rows of the errno table. */
class ContinueTest {
    private static final long PAGE = PageSize.BASE_BYTES;

    private final TestKernel kernel = new TestKernel();
    private final UserfaultPort port = kernel.port;

    @ParameterizedTest
    @EnumSource(names = {"SHMEM", "HUGETLB_2M", "HUGETLB_1G"})
    @DisplayName("CONTINUE ok: maps the page cache's page")
    void shouldMapThePageThatTheAliasWrote(Memory memory) {
        long start = kernel.registered(memory, 1, REGISTER_MINOR);
        kernel.fillThroughAlias(start, 1);
        assertThat(port.continueMapping(start, memory.pageBytes(), 0)).isEqualTo(IoctlResult.ok(memory.pageBytes()));
        assertThat(kernel.token(start)).isEqualTo(5000);
        long entry = kernel.entry(start);
        assertThat(Entry.isWritable(entry) && Entry.size(entry) == memory.pageSize()).isTrue();
        assertThat(kernel.frames.references(Entry.frame(entry))).as("page cache, alias, this mapping").isEqualTo(3);
    }

    @Test
    void shouldMapAPrivateMappingReadOnly() {
        long start = kernel.registered(Memory.SHMEM_PRIVATE, 1, REGISTER_MINOR);
        kernel.fillThroughAlias(start, 1);
        assertThat(port.continueMapping(start, PAGE, 0).isOk()).isTrue();
        assertThat(Entry.isWritable(kernel.entry(start))).isFalse();
        long cached = kernel.vma(start).object().cached(0);
        kernel.write(start, 77);
        assertThat(kernel.token(start)).isEqualTo(77);
        assertThat(kernel.frames.contents().word(cached)).as("the page cache keeps its own").isEqualTo(5000);
    }

    @Test
    @DisplayName("CONTINUE: mapped | EEXIST")
    void shouldRefuseAMappedPage() {
        long start = kernel.registered(Memory.SHMEM, 1, REGISTER_MISSING | REGISTER_MINOR);
        kernel.copy(start, Memory.SHMEM, 1);
        assertThat(port.continueMapping(start, PAGE, 0)).isEqualTo(new IoctlResult(Errno.EEXIST, -17));
    }

    @Test
    @DisplayName("CONTINUE: not in the page cache | EFAULT; partial | EAGAIN, f = bytes")
    void shouldRefuseWhatThePageCacheHasNot() {
        long start = kernel.registered(Memory.SHMEM, 3, REGISTER_MINOR);
        kernel.fillThroughAlias(start, 2);
        assertThat(port.continueMapping(start + 2 * PAGE, PAGE, 0)).isEqualTo(new IoctlResult(Errno.EFAULT, -14));
        assertThat(port.continueMapping(start, 3 * PAGE, 0)).isEqualTo(new IoctlResult(Errno.EAGAIN, 2 * PAGE));
    }

    @Test
    @DisplayName("CONTINUE: anon, past end of file, or MODE_WP on non-WP | EINVAL")
    void shouldRefuseWhatCannotHaveMinorFaults() {
        IoctlResult invalid = new IoctlResult(Errno.EINVAL, -22);
        long anon = kernel.registered(Memory.ANON, 1, REGISTER_MISSING);
        assertThat(port.continueMapping(anon, PAGE, 0)).isEqualTo(invalid);
        long shmem = kernel.registeredPastEnd(2, 1, REGISTER_MINOR);
        assertThat(port.continueMapping(shmem + PAGE, PAGE, 0)).isEqualTo(invalid);
        assertThat(port.continueMapping(shmem, PAGE, CONTINUE_WP)).isEqualTo(invalid);
    }

    @Test
    @DisplayName("CONTINUE: unregistered | ENOENT")
    void shouldRefuseWhatIsNotRegistered() {
        long start = kernel.map(Memory.SHMEM, 1);
        assertThat(port.continueMapping(start, PAGE, 0)).isEqualTo(new IoctlResult(Errno.ENOENT, -2));
    }

    @Test
    @DisplayName("CONTINUE: poisoned page | EIO")
    void shouldRefuseAPoisonedPageOfThePageCache() {
        long start = kernel.registered(Memory.SHMEM, 1, REGISTER_MINOR);
        assertThat(kernel.vma(start).object().poison(0)).isTrue();
        assertThat(port.continueMapping(start, PAGE, 0)).isEqualTo(new IoctlResult(Errno.EIO, -5));
        assertThat(kernel.port.raise(1, start, false, 0)).isEqualTo(RaiseOutcome.SIGBUS);
    }

    @Test
    void shouldRefuseMalformedRequestsUntouched() {
        long start = kernel.registered(Memory.SHMEM, 1, REGISTER_MINOR);
        IoctlResult invalid = new IoctlResult(Errno.EINVAL, IoctlResult.UNTOUCHED);
        assertThat(port.continueMapping(start + 1, PAGE, 0)).isEqualTo(invalid);
        assertThat(port.continueMapping(start, 0, 0)).isEqualTo(invalid);
        assertThat(port.continueMapping(start, PAGE, 4)).isEqualTo(invalid);
    }

    @Test
    void shouldWakeUnlessToldNotTo() {
        long start = kernel.registered(Memory.SHMEM, 2, REGISTER_MINOR);
        kernel.fillThroughAlias(start, 2);
        kernel.raiseQueued(1, start);
        kernel.raiseQueued(2, start + PAGE);
        assertThat(port.continueMapping(start + PAGE, PAGE, CONTINUE_DONTWAKE).isOk()).isTrue();
        assertThat(port.continueMapping(start, PAGE, 0).isOk()).isTrue();
        assertThat(kernel.sink.take()).containsExactly(1);
    }

    @Test
    void shouldMapProtectedWhenAsked() {
        long start = kernel.registered(Memory.SHMEM, 1, REGISTER_MINOR | REGISTER_WP);
        kernel.fillThroughAlias(start, 1);
        assertThat(port.continueMapping(start, PAGE, CONTINUE_WP).isOk()).isTrue();
        kernel.raiseQueuedWrite(1, start);
        assertThat(kernel.read().kind(0)).isEqualTo(FaultKind.WRITE_PROTECT);
    }
}
