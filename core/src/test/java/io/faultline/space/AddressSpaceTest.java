package io.faultline.space;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.faultline.memory.Entry;
import io.faultline.memory.Errno;
import io.faultline.memory.FramePool;
import io.faultline.memory.PageSize;
import org.junit.jupiter.api.Test;

class AddressSpaceTest {
    private static final long PAGE = 4096;
    private static final long TIB = 1L << 40;
    private static final int READ = AddressSpace.PROT_READ;
    private static final int READ_WRITE = AddressSpace.PROT_READ | AddressSpace.PROT_WRITE;

    private final FramePool frames = FramePool.tokens(1 << 19);
    private final AddressSpace space = new AddressSpace(1, frames);

    @Test
    void shouldAnswerMmapWithTheKernelsErrors() {
        MemoryObject anon = MemoryObject.anon(PageSize.SIZE_4K, 10 * PAGE);
        MemoryObject huge = MemoryObject.hugetlb(PageSize.SIZE_2M, PageSize.SIZE_2M.bytes());

        assertThat(space.mmap(TIB, 0, anon, 0, READ, false)).isEqualTo(Errno.EINVAL);
        assertThat(space.mmap(TIB + 1, PAGE, anon, 0, READ, false)).isEqualTo(Errno.EINVAL);
        assertThat(space.mmap(TIB, PAGE, huge, 0, READ, true)).isEqualTo(Errno.EINVAL);
        assertThat(space.mmap(TIB, PAGE, anon, -PAGE, READ, true)).isEqualTo(Errno.EINVAL);
        assertThat(space.mmap((1L << 47) - PAGE, 2 * PAGE, anon, 0, READ, false)).isEqualTo(Errno.ENOMEM);
        assertThat(space.mmap(TIB, 10 * PAGE, anon, 0, READ, false)).isEqualTo(Errno.OK);
        assertThat(space.mmap(TIB + 9 * PAGE, 2 * PAGE, anon, 0, READ, false)).isEqualTo(Errno.EEXIST);
    }

    @Test
    void shouldSpanSeveralTebibytesWithoutTakingMemoryForThem() {
        MemoryObject object = MemoryObject.shmem(8 * TIB);

        assertThat(space.mmap(TIB, 8 * TIB, object, 0, READ_WRITE, true)).isEqualTo(Errno.OK);
        assertThat(space.mmap(32 * TIB, 8 * TIB, object, 0, READ_WRITE, true)).isEqualTo(Errno.OK);
        install(TIB, PageSize.SIZE_4K);
        install(8 * TIB, PageSize.SIZE_4K);

        assertThat(space.hva().tableBytes()).isLessThan(64 * 1024);
        assertThat(space.munmap(TIB, 8 * TIB)).isEqualTo(Errno.OK);
        assertThat(frames.freeFrames()).isEqualTo(frames.frames());
    }

    @Test
    void shouldFindTheLowestRoom() {
        MemoryObject anon = MemoryObject.anon(PageSize.SIZE_4K, 1 << 30);
        long first = space.findFree(3 * PAGE, PageSize.SIZE_4K);
        space.mmap(first, 3 * PAGE, anon, 0, READ, false);

        assertThat(space.findFree(PAGE, PageSize.SIZE_4K)).isEqualTo(first + 3 * PAGE);
        assertThat(space.findFree(PAGE, PageSize.SIZE_2M)).isEqualTo(first + PageSize.SIZE_2M.bytes());
        assertThat(space.findFree(1L << 47, PageSize.SIZE_4K)).isEqualTo(-1);
        space.munmap(first, 2 * PAGE);
        assertThat(space.findFree(2 * PAGE, PageSize.SIZE_4K)).isEqualTo(first);
        assertThat(space.findFree(4 * PAGE, PageSize.SIZE_4K)).isEqualTo(first + 3 * PAGE);
    }

    @Test
    void shouldUnmapAPartAndGiveItsFramesBack() {
        mapAnon(TIB, 10);
        for (long page = 0; page < 10; page++) {
            install(TIB + page * PAGE, PageSize.SIZE_4K);
        }

        assertThat(space.munmap(TIB + 3 * PAGE, 4 * PAGE)).isEqualTo(Errno.OK);

        assertThat(space.vmas(TIB, TIB + 10 * PAGE)).extracting(Vma::bytes).containsExactly(3 * PAGE, 3 * PAGE);
        assertThat(space.hva().presentPages(TIB, TIB + 10 * PAGE)).isEqualTo(6);
        assertThat(frames.freeFrames()).isEqualTo(frames.frames() - 6);
        assertThat(space.munmap(TIB, 0)).isEqualTo(Errno.EINVAL);
        assertThat(space.munmap(TIB + 5, PAGE)).isEqualTo(Errno.EINVAL);
        assertThat(space.munmap(TIB + 3 * PAGE, PAGE)).as("a hole").isEqualTo(Errno.OK);
    }

    @Test
    void shouldNotCutAHugePage() {
        MemoryObject huge = MemoryObject.hugetlb(PageSize.SIZE_2M, 4 * PageSize.SIZE_2M.bytes());
        space.mmap(TIB, huge.bytes(), huge, 0, READ_WRITE, true);

        assertThat(space.munmap(TIB + PAGE, PAGE)).isEqualTo(Errno.EINVAL);
        assertThat(space.mprotect(TIB, PAGE, READ)).isEqualTo(Errno.EINVAL);
        assertThat(space.punchHole(TIB, PAGE)).isEqualTo(Errno.EINVAL);
        assertThat(space.discard(TIB + PAGE, PageSize.SIZE_2M.bytes())).isEqualTo(Errno.EINVAL);
        assertThatThrownBy(() -> space.register(TIB, TIB + PAGE, new UserfaultRegistration(1, 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cuts a huge page");
    }

    @Test
    void shouldTakeAndGivePermissions() {
        mapAnon(TIB, 3);
        install(TIB, PageSize.SIZE_4K);
        install(TIB + PAGE, PageSize.SIZE_4K);
        space.hva().walkAndMark(TIB, true);

        assertThat(space.mprotect(TIB, PAGE, READ)).isEqualTo(Errno.OK);
        assertThat(Entry.isWritable(space.hva().walk(TIB))).isFalse();
        assertThat(Entry.isDirty(space.hva().walk(TIB))).as("the dirty bit stays").isTrue();
        assertThat(Entry.isWritable(space.hva().walk(TIB + PAGE))).isTrue();
        assertThat(space.vmas(TIB, TIB + 3 * PAGE)).hasSize(2);

        assertThat(space.mprotect(TIB, PAGE, 0)).isEqualTo(Errno.OK);
        assertThat(Entry.isPresent(space.hva().walk(TIB))).isFalse();
        assertThat(Entry.isMapped(space.hva().walk(TIB))).isTrue();

        assertThat(space.mprotect(TIB, PAGE, READ_WRITE)).isEqualTo(Errno.OK);
        assertThat(Entry.isWritable(space.hva().walk(TIB))).isTrue();
        assertThat(space.vmas(TIB, TIB + 3 * PAGE)).hasSize(1);
        assertThat(space.mprotect(TIB, 4 * PAGE, READ)).as("a hole").isEqualTo(Errno.ENOMEM);
    }

    @Test
    void shouldNotMakeWritableWhatUserfaultProtectsOrAnotherShares() {
        mapAnon(TIB, 2);
        install(TIB, PageSize.SIZE_4K);
        install(TIB + PAGE, PageSize.SIZE_4K);
        space.mappings().writeProtect(TIB, TIB + PAGE);
        frames.exclusive(Entry.frame(space.hva().walk(TIB + PAGE)), false);

        space.mprotect(TIB, 2 * PAGE, READ);
        space.mprotect(TIB, 2 * PAGE, READ_WRITE);

        assertThat(Entry.isWritable(space.hva().walk(TIB))).isFalse();
        assertThat(Entry.isUffdWp(space.hva().walk(TIB))).isTrue();
        assertThat(Entry.isWritable(space.hva().walk(TIB + PAGE))).isFalse();
    }

    @Test
    void shouldFreeAClosedPageWhenItIsUnmapped() {
        mapAnon(TIB, 1);
        install(TIB, PageSize.SIZE_4K);
        space.mprotect(TIB, PAGE, 0);

        space.munmap(TIB, PAGE);

        assertThat(frames.freeFrames()).isEqualTo(frames.frames());
    }

    @Test
    void shouldSplitMappingsAndLeavesWhereARegistrationBegins() {
        mapAnon(TIB, 1024);
        install(TIB, PageSize.SIZE_2M);
        UserfaultRegistration registration = new UserfaultRegistration(7, UserfaultRegistration.WRITE_PROTECT);

        space.register(TIB + 100 * PAGE, TIB + 700 * PAGE, registration);

        Vma inside = space.vmaAt(TIB + 100 * PAGE);
        assertThat(inside).isNotNull();
        assertThat(inside.registration()).isEqualTo(registration);
        assertThat(inside.isRegistered(UserfaultRegistration.WRITE_PROTECT)).isTrue();
        assertThat(inside.isRegistered(UserfaultRegistration.MISSING)).isFalse();
        assertThat(space.vmas(TIB, TIB + 1024 * PAGE)).hasSize(3);
        assertThat(Entry.size(space.hva().walk(TIB + 100 * PAGE))).isEqualTo(PageSize.SIZE_4K);

        space.unregister(TIB, TIB + 1024 * PAGE);
        assertThat(space.vmas(TIB, TIB + 1024 * PAGE)).hasSize(1);
    }

    @Test
    void shouldTakeEverythingApartWhenItEnds() {
        mapAnon(TIB, 1024);
        install(TIB, PageSize.SIZE_2M);
        space.reservations().reserve(TIB + PageSize.SIZE_2M.bytes(), PageSize.SIZE_2M);

        space.exit();

        assertThat(space.isAlive()).isFalse();
        assertThat(space.vmaAt(TIB)).isNull();
        assertThat(frames.freeFrames()).isEqualTo(frames.frames());
    }

    private void mapAnon(long start, int pages) {
        MemoryObject object = MemoryObject.anon(PageSize.SIZE_4K, pages * PAGE);
        assertThat(space.mmap(start, pages * PAGE, object, 0, READ_WRITE, false)).isEqualTo(Errno.OK);
    }

    private void install(long address, PageSize size) {
        long entry = Entry.of(frames.allocate(size), size, Entry.WRITABLE);
        assertThat(space.mappings().install(address, size, entry)).isEqualTo(Errno.OK);
    }
}
