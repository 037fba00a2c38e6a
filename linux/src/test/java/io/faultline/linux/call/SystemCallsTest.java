package io.faultline.linux.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;

import io.faultline.linux.NeedsUserfaultfd;
import io.faultline.linux.NothingLeft;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Calls every function once and sees that the kernel understood the arguments. */
@ExtendWith({NeedsUserfaultfd.class, NothingLeft.class})
class SystemCallsTest {
    private static final long PAGE = 4096;
    private static final int READ_WRITE = MemoryFlags.PROT_READ | MemoryFlags.PROT_WRITE;
    private static final int ANONYMOUS = MemoryFlags.MAP_PRIVATE | MemoryFlags.MAP_ANONYMOUS;
    /** Where nothing is mapped: between the lowest address there may be and where programs begin. */
    private static final long NOTHING = 1L << 20;
    private static final int EBADF = -9;
    private static final int EAGAIN = -11;
    private static final int ENOMEM = -12;
    private static final int EFAULT = -14;
    private static final int EINVAL = -22;

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment page = arena.allocate(PAGE, 64);

    @AfterEach
    void freePage() {
        arena.close();
    }

    private static long map(long pages) {
        long address = MemoryCalls.mmap(0, pages * PAGE, READ_WRITE, ANONYMOUS, -1, 0);
        assertThat(address).isPositive();
        return address;
    }

    @Test
    void shouldMapCopyInAndOutAndUnmap() {
        long address = map(4);
        page.fill((byte) 42);
        assertThat(TransferCalls.write(address + PAGE, page)).isEqualTo(PAGE);
        page.fill((byte) 0);
        assertThat(TransferCalls.read(address + PAGE, page)).isEqualTo(PAGE);
        assertThat(page.get(ValueLayout.JAVA_BYTE, PAGE - 1)).isEqualTo((byte) 42);
        assertThat(resident(address, 4)).containsExactly(0, 1, 0, 0);
        assertThat(MemoryCalls.munmap(address, 4 * PAGE)).isZero();
        assertThat(MemoryCalls.mincore(NOTHING, PAGE, page)).isEqualTo(ENOMEM);
        assertThat(TransferCalls.read(NOTHING, page)).isEqualTo(EFAULT);
    }

    private byte[] resident(long address, int pages) {
        MemorySegment vector = arena.allocate(pages);
        assertThat(MemoryCalls.mincore(address, pages * PAGE, vector)).isZero();
        return vector.toArray(ValueLayout.JAVA_BYTE);
    }

    @Test
    void shouldStopACopyAtThePageThatAnswersNoAccess() {
        long address = map(2);
        int there = ANONYMOUS | MemoryFlags.MAP_FIXED;
        assertThat(MemoryCalls.mmap(address + PAGE, PAGE, MemoryFlags.PROT_NONE, there, -1, 0))
                .isEqualTo(address + PAGE);
        MemorySegment two = arena.allocate(2 * PAGE);
        assertThat(TransferCalls.read(address, two)).isEqualTo(PAGE);
        assertThat(TransferCalls.write(address, two)).isEqualTo(PAGE);
        assertThat(TransferCalls.write(address + PAGE, page)).isEqualTo(EFAULT);
        assertThat(MemoryCalls.munmap(address, 2 * PAGE)).isZero();
    }

    @Test
    void shouldRefuseSegmentsOfTheHeap() {
        MemorySegment heap = MemorySegment.ofArray(new byte[8]);
        assertThatThrownBy(() -> TransferCalls.read(1L << 40, heap)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> FileCalls.read(0, heap)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldDropPagesWhenAdvised() {
        long address = map(2);
        assertThat(MemoryCalls.madvise(address, 2 * PAGE, MemoryFlags.MADV_POPULATE_WRITE)).isZero();
        assertThat(resident(address, 2)).containsExactly(1, 1);
        assertThat(MemoryCalls.madvise(address, PAGE, MemoryFlags.MADV_DONTNEED)).isZero();
        assertThat(resident(address, 2)).containsExactly(0, 1);
        assertThat(MemoryCalls.madvise(address + 1, PAGE, MemoryFlags.MADV_DONTNEED)).isEqualTo(EINVAL);
        MemoryCalls.munmap(address, 2 * PAGE);
    }

    @Test
    void shouldMoveAMapping() {
        long address = map(1);
        page.fill((byte) 7);
        TransferCalls.write(address, page);
        long target = map(1);
        int flags = MemoryFlags.MREMAP_MAYMOVE | MemoryFlags.MREMAP_FIXED;
        assertThat(MemoryCalls.mremap(address, PAGE, PAGE, flags, target)).isEqualTo(target);
        page.fill((byte) 0);
        assertThat(TransferCalls.read(target, page)).isEqualTo(PAGE);
        assertThat(page.get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 7);
        MemoryCalls.munmap(target, PAGE);
    }

    @Test
    void shouldShareAMemoryFileBetweenMappings() {
        int file = FileCalls.memfdCreate("test", FileFlags.MFD_CLOEXEC);
        assertThat(FileCalls.ftruncate(file, 2 * PAGE)).isZero();
        page.fill((byte) 9);
        assertThat(FileCalls.pwrite(file, page, PAGE)).isEqualTo(PAGE);
        long address = MemoryCalls.mmap(0, 2 * PAGE, READ_WRITE, MemoryFlags.MAP_SHARED, file, 0);
        page.fill((byte) 0);
        assertThat(TransferCalls.read(address + PAGE, page)).isEqualTo(PAGE);
        assertThat(page.get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 9);
        int punch = FileFlags.FALLOC_FL_PUNCH_HOLE | FileFlags.FALLOC_FL_KEEP_SIZE;
        assertThat(FileCalls.fallocate(file, punch, PAGE, PAGE)).isZero();
        assertThat(FileCalls.pread(file, page, PAGE)).isEqualTo(PAGE);
        assertThat(page.get(ValueLayout.JAVA_BYTE, 0)).isZero();
        MemoryCalls.munmap(address, 2 * PAGE);
        assertThat(FileCalls.close(file)).isZero();
        assertThat(FileCalls.pread(-1, page, 0)).isEqualTo(EBADF);
    }

    @Test
    void shouldTellWhichDescriptorIsReady() {
        int epoll = EventCalls.epollCreate();
        int first = EventCalls.eventfd();
        int second = EventCalls.eventfd();
        assertThat(EventCalls.epollAdd(epoll, first, EventCalls.EPOLLIN, 0x1_0000_0001L)).isZero();
        assertThat(EventCalls.epollAdd(epoll, second, EventCalls.EPOLLIN, -2)).isZero();
        MemorySegment events = arena.allocate(2 * EventCalls.EPOLL_EVENT_BYTES);
        assertThat(EventCalls.epollWait(epoll, events, 0)).isZero();
        MemorySegment one = arena.allocateFrom(ValueLayout.JAVA_LONG, 1);
        assertThat(FileCalls.write(second, one)).isEqualTo(8);
        assertThat(EventCalls.epollWait(epoll, events, -1)).isEqualTo(1);
        assertThat(EventCalls.data(events, 0)).isEqualTo(-2);
        assertThat(FileCalls.write(first, one)).isEqualTo(8);
        assertThat(EventCalls.epollWait(epoll, events, -1)).isEqualTo(2);
        assertThat(EventCalls.data(events, 0) + EventCalls.data(events, 1)).isEqualTo(0x1_0000_0001L - 2);
        assertThat(EventCalls.bits(events, 1)).isEqualTo(EventCalls.EPOLLIN);
        assertThat(EventCalls.epollRemove(epoll, first)).isZero();
        assertThat(EventCalls.epollWait(epoll, events, -1)).isEqualTo(1);
        assertThat(FileCalls.read(second, one)).isEqualTo(8);
        assertThat(FileCalls.read(second, one)).isEqualTo(EAGAIN);
        FileCalls.close(first);
        FileCalls.close(second);
        FileCalls.close(epoll);
    }

    @Test
    void shouldDuplicateADescriptor() {
        int event = EventCalls.eventfd();
        int second = FileCalls.duplicate(event);
        assertThat(second).isNotNegative().isNotEqualTo(event);
        FileCalls.close(event);
        assertThat(FileCalls.write(second, arena.allocateFrom(ValueLayout.JAVA_LONG, 3))).isEqualTo(8);
        FileCalls.close(second);
        assertThat(FileCalls.duplicate(-1)).isEqualTo(EBADF);
    }

    @Test
    void shouldOpenFilesAndSayWhyNot() {
        int file = FileCalls.open("/proc/self/maps", FileFlags.O_RDONLY | FileFlags.O_CLOEXEC);
        assertThat(FileCalls.read(file, page)).isPositive();
        FileCalls.close(file);
        assertThat(FileCalls.open("/proc/self/nothing", FileFlags.O_RDONLY)).isEqualTo(-2);
    }

    @Test
    void shouldTellTheKernelsNumberOfThisThread() throws Exception {
        int thread = ProcessCalls.gettid();
        Path comm = Path.of("/proc/self/task/" + thread + "/comm");
        assertThat(Files.exists(comm)).isTrue();
        int[] other = new int[1];
        Thread.ofPlatform().start(() -> other[0] = ProcessCalls.gettid()).join();
        assertThat(other[0]).isPositive().isNotEqualTo(thread);
    }

    @Test
    void shouldOpenAUserfaultfdAndRefuseWrongFlags() {
        int descriptor = ProcessCalls.userfaultfd(FileFlags.O_CLOEXEC | ProcessCalls.UFFD_USER_MODE_ONLY);
        assertThat(descriptor).isNotNegative();
        FileCalls.close(descriptor);
        assertThat(ProcessCalls.userfaultfd(1 << 30)).isEqualTo(EINVAL);
    }

    @Test
    void shouldRefuseAnIoctlWhoseStructureIsTooShort() {
        long request = Ioctl.readingAndWriting(0xAA, 3, 40);
        assertThatThrownBy(() -> FileCalls.ioctl(0, request, page.asSlice(0, 39)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("takes 40 bytes, the argument has 39");
        assertThatThrownBy(() -> FileCalls.ioctl(0, request, 5L)).isInstanceOf(IllegalArgumentException.class);
        assertThat(FileCalls.ioctl(-1, request, page)).isEqualTo(EBADF);
    }

    @Test
    void shouldSayWhatWasAttempted() {
        assertThat(LinuxCallException.check(5, "counting")).isEqualTo(5);
        assertThatThrownBy(() -> LinuxCallException.check(-24, "opening a userfaultfd"))
                .hasMessage("opening a userfaultfd: EMFILE");
        assertThatThrownBy(() -> LinuxCallException.check(-71, "x")).hasMessage("x: errno 71");
    }
}
