package io.faultline.userfault;

import static io.faultline.userfault.UserfaultModes.COPY_DONTWAKE;
import static io.faultline.userfault.UserfaultModes.COPY_WP;
import static io.faultline.userfault.UserfaultModes.REGISTER_MISSING;
import static io.faultline.userfault.UserfaultModes.REGISTER_WP;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

import io.faultline.memory.Entry;
import io.faultline.memory.Errno;
import io.faultline.memory.FramePool;
import io.faultline.memory.PageBuffer;
import io.faultline.memory.PageSize;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The COPY rows of the errno table. */
class CopyTest {
    private static final long PAGE = PageSize.BASE_BYTES;

    private final TestKernel kernel = new TestKernel();
    private final UserfaultPort port = kernel.port;
    private final PageBuffer source = TestKernel.numbered(PageSize.SIZE_4K, 16);

    @ParameterizedTest
    @EnumSource(Memory.class)
    @DisplayName("COPY ok: 0, f = len")
    void shouldMapFilledDirtyWritablePages(Memory memory) {
        long start = kernel.registered(memory, 2, REGISTER_MISSING);
        long length = 2 * memory.pageBytes();
        PageBuffer pages = TestKernel.numbered(memory.pageSize(), 2);
        assertThat(port.copy(start, pages, 0, length, 0)).isEqualTo(IoctlResult.ok(length));
        for (long at = 0; at < length; at += memory.pageBytes()) {
            long entry = kernel.entry(start + at);
            assertThat(Entry.isWritable(entry) && Entry.isDirty(entry)).as(Entry.describe(entry)).isTrue();
            assertThat(Entry.size(entry)).isEqualTo(memory.pageSize());
            assertThat(kernel.token(start + at)).isEqualTo(pages.token((int) (at / PAGE)));
        }
        assertThat(kernel.token(start + length - PAGE)).isEqualTo(pages.token((int) (length / PAGE) - 1));
    }

    @Test
    @DisplayName("COPY ok: the source need not be aligned")
    void shouldCopyBytesFromAnUnalignedSource() {
        TestKernel bytes = new TestKernel(FramePool.bytes(512), UserfaultFeatures.ALL & ~UserfaultFeatures.SIGBUS);
        long start = bytes.registered(Memory.ANON, 1, REGISTER_MISSING);
        MemorySegment segment = Arena.ofAuto().allocate(2 * PAGE, 64);
        segment.set(ValueLayout.JAVA_LONG_UNALIGNED, 100, 42);
        PageBuffer unaligned = PageBuffer.of(segment, PageSize.SIZE_4K);
        assertThat(bytes.port.copy(start, unaligned, 100, PAGE, 0)).isEqualTo(IoctlResult.ok(PAGE));
        assertThat(bytes.token(start)).isEqualTo(42);
    }

    @ParameterizedTest
    @EnumSource(Memory.class)
    @DisplayName("COPY: present | EEXIST, f = -17")
    void shouldRefuseAPresentPage(Memory memory) {
        long start = kernel.registered(memory, 1, REGISTER_MISSING);
        kernel.copy(start, memory, 1);
        long frames = kernel.frames.freeFrames();
        PageBuffer page = TestKernel.numbered(memory.pageSize(), 1);
        assertThat(port.copy(start, page, 0, memory.pageBytes(), 0)).isEqualTo(new IoctlResult(Errno.EEXIST, -17));
        assertThat(kernel.frames.freeFrames()).isEqualTo(frames);
    }

    @Test
    @DisplayName("COPY: in the shmem page cache | EEXIST, f = -17")
    void shouldRefuseAPageOfTheSharedPageCache() {
        long start = kernel.registered(Memory.SHMEM, 1, REGISTER_MISSING);
        kernel.fillThroughAlias(start, 1);
        assertThat(port.copy(start, source, 0, PAGE, 0)).isEqualTo(new IoctlResult(Errno.EEXIST, -17));
        assertThat(kernel.entry(start)).isEqualTo(Entry.NONE);
    }

    @Test
    @DisplayName("COPY: a private mapping's page is anonymous, whatever the page cache holds")
    void shouldCopyOverThePageCacheOfAPrivateMapping() {
        long start = kernel.registered(Memory.SHMEM_PRIVATE, 1, REGISTER_MISSING);
        kernel.fillThroughAlias(start, 1);
        assertThat(port.copy(start, source, 0, PAGE, 0).isOk()).isTrue();
        assertThat(kernel.token(start)).isEqualTo(source.token(0));
    }

    @Test
    @DisplayName("COPY: stopped after k pages | EAGAIN, f = bytes done")
    void shouldTellHowFarItCameAndWakeOnlyThat() {
        long start = kernel.registered(Memory.ANON, 4, REGISTER_MISSING);
        kernel.copy(start + 2 * PAGE, Memory.ANON, 1);
        kernel.raiseQueued(1, start + PAGE);
        kernel.raiseQueued(3, start + 3 * PAGE);
        IoctlResult result = port.copy(start, source, 0, 4 * PAGE, 0);
        assertThat(result).isEqualTo(new IoctlResult(Errno.EAGAIN, 2 * PAGE));
        assertThat(result.isPartial()).isTrue();
        assertThat(kernel.sink.take()).containsExactly(1);
        assertThat(kernel.entry(start + 3 * PAGE)).isEqualTo(Entry.NONE);
    }

    @Test
    @DisplayName("COPY: unaligned dst or len, len 0, unknown mode | EINVAL, f untouched")
    void shouldRefuseMalformedRequestsUntouched() {
        long start = kernel.registered(Memory.ANON, 4, REGISTER_MISSING);
        IoctlResult untouched = new IoctlResult(Errno.EINVAL, IoctlResult.UNTOUCHED);
        assertThat(port.copy(start + 8, source, 0, PAGE, 0)).isEqualTo(untouched);
        assertThat(port.copy(start, source, 0, PAGE - 8, 0)).isEqualTo(untouched);
        assertThat(port.copy(start, source, 0, 0, 0)).isEqualTo(untouched);
        assertThat(port.copy(start, source, 0, -PAGE, 0)).isEqualTo(untouched);
        assertThat(port.copy(start, source, 0, PAGE, 4)).isEqualTo(untouched);
        assertThat(port.copy(AddressRanges.LIMIT - PAGE, source, 0, 2 * PAGE, 0)).isEqualTo(untouched);
    }

    @Test
    @DisplayName("COPY: bad source | EFAULT, f = -14")
    void shouldRefuseASourceThatEnds() {
        long start = kernel.registered(Memory.ANON, 20, REGISTER_MISSING);
        assertThat(port.copy(start, source, 16 * PAGE, PAGE, 0)).isEqualTo(new IoctlResult(Errno.EFAULT, -14));
        assertThat(port.copy(start, source, -PAGE, PAGE, 0)).isEqualTo(new IoctlResult(Errno.EFAULT, -14));
        assertThat(port.copy(start, source, 0, 20 * PAGE, 0)).isEqualTo(new IoctlResult(Errno.EAGAIN, 16 * PAGE));
    }

    @Test
    @DisplayName("COPY: past end of file | EFAULT, f = -14")
    void shouldRefuseToFillPastTheEndOfTheObject() {
        long start = kernel.registeredPastEnd(2, 1, REGISTER_MISSING);
        assertThat(port.copy(start + PAGE, source, 0, PAGE, 0)).isEqualTo(new IoctlResult(Errno.EFAULT, -14));
        assertThat(port.copy(start, source, 0, 2 * PAGE, 0)).isEqualTo(new IoctlResult(Errno.EAGAIN, PAGE));
    }

    @Test
    @DisplayName("COPY: dst unregistered, unmapped, or crossing a VMA | ENOENT, f = -2")
    void shouldRefuseWhatIsNotOneRegisteredMapping() {
        IoctlResult notThere = new IoctlResult(Errno.ENOENT, -2);
        long unregistered = kernel.map(Memory.ANON, 1);
        assertThat(port.copy(unregistered, source, 0, PAGE, 0)).isEqualTo(notThere);
        assertThat(port.copy(TestKernel.UNMAPPED, source, 0, PAGE, 0)).isEqualTo(notThere);
        long start = kernel.registered(Memory.ANON, 2, REGISTER_MISSING);
        assertThat(port.copy(start, source, 0, 3 * PAGE, 0)).isEqualTo(notThere);
        assertThat(kernel.entry(start)).as("nothing was done").isEqualTo(Entry.NONE);
    }

    @Test
    @DisplayName("COPY: MODE_WP on a non-WP range | EINVAL, f = -22")
    void shouldRefuseToProtectWhereNotRegistered() {
        long start = kernel.registered(Memory.ANON, 1, REGISTER_MISSING);
        assertThat(port.copy(start, source, 0, PAGE, COPY_WP)).isEqualTo(new IoctlResult(Errno.EINVAL, -22));
    }

    @ParameterizedTest
    @EnumSource(names = {"HUGETLB_2M", "HUGETLB_1G"})
    @DisplayName("COPY: 4K into hugetlb | EINVAL")
    void shouldRefuseAPartOfAHugePage(Memory memory) {
        long start = kernel.registered(memory, 1, REGISTER_MISSING);
        assertThat(port.copy(start, source, 0, PAGE, 0).errno()).isEqualTo(Errno.EINVAL);
        assertThat(port.copy(start + PAGE, source, 0, PAGE, 0).errno()).isEqualTo(Errno.EINVAL);
    }

    @Test
    @DisplayName("COPY through another uffd of the same mm | succeeds")
    void shouldFillARangeThatAnotherPortRegistered() {
        long start = kernel.registered(Memory.ANON, 1, REGISTER_MISSING);
        UserfaultPort other = kernel.anotherPort(7);
        assertThat(other.copy(start, source, 0, PAGE, 0)).isEqualTo(IoctlResult.ok(PAGE));
    }

    @Test
    @DisplayName("A WP-only range still lists COPY, and COPY works")
    void shouldFillARangeRegisteredForWriteProtectionOnly() {
        long start = kernel.registered(Memory.ANON, 1, REGISTER_WP);
        assertThat(port.copy(start, source, 0, PAGE, 0).isOk()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Memory.class)
    @DisplayName("COPY with WP maps the page protected")
    void shouldMapProtectedWhenAsked(Memory memory) {
        long start = kernel.registered(memory, 1, REGISTER_MISSING | REGISTER_WP);
        PageBuffer page = TestKernel.numbered(memory.pageSize(), 1);
        assertThat(port.copy(start, page, 0, memory.pageBytes(), COPY_WP).isOk()).isTrue();
        long entry = kernel.entry(start);
        assertThat(Entry.isUffdWp(entry) && !Entry.isWritable(entry)).as(Entry.describe(entry)).isTrue();
    }

    @Test
    @DisplayName("COPY with DONTWAKE leaves it asleep until WAKE")
    void shouldLeaveWaitersAsleepUntilWake() {
        long start = kernel.registered(Memory.ANON, 1, REGISTER_MISSING);
        kernel.raiseQueued(5, start);
        assertThat(port.copy(start, source, 0, PAGE, COPY_DONTWAKE).isOk()).isTrue();
        assertThat(kernel.sink.take()).isEmpty();
        assertThat(port.wake(start, PAGE)).isEqualTo(IoctlResult.DONE);
        assertThat(kernel.sink.take()).containsExactly(5);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    @DisplayName("COPY without frames | ENOMEM, f = -12, or EAGAIN with the bytes done")
    void shouldSayHowFarTheFramesReached(int available) {
        TestKernel small = new TestKernel(FramePool.tokens(2), 0);
        long start = small.registered(Memory.ANON, 4, REGISTER_MISSING);
        small.takeFrames(2 - available);
        IoctlResult result = small.port.copy(start, source, 0, 4 * PAGE, 0);
        assertThat(result)
                .isEqualTo(available == 0
                        ? new IoctlResult(Errno.ENOMEM, -12)
                        : new IoctlResult(Errno.EAGAIN, available * PAGE));
    }

    @Test
    @DisplayName("While the lease is recalled | EAGAIN, f = -11")
    void shouldAnswerAgainWhileTheLeaseIsRecalled() {
        long start = kernel.registered(Memory.ANON, 1, REGISTER_MISSING);
        kernel.whileRecalled(start, PAGE, () -> assertThat(port.copy(start, source, 0, PAGE, 0))
                .isEqualTo(new IoctlResult(Errno.EAGAIN, -11)));
        assertThat(port.copy(start, source, 0, PAGE, 0).isOk()).isTrue();
    }
}
