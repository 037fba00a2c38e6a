package io.faultline.space;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.faultline.memory.Entry;
import io.faultline.memory.Errno;
import io.faultline.memory.FramePool;
import io.faultline.memory.PageSize;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Memory objects with a page cache, mapped twice: what CONTINUE maps, and what drops it from one view or from all. */
class PageCacheTest {
    private static final long GUEST = 1L << 40;
    private static final long ALIAS = 2L << 40;
    private static final int READ_WRITE = AddressSpace.PROT_READ | AddressSpace.PROT_WRITE;

    private final FramePool frames = FramePool.tokens(4L << 18);
    private final AddressSpace space = new AddressSpace(1, frames);

    @ParameterizedTest
    @EnumSource
    void shouldMapTheCachedFrameThroughBothMappings(PageSize size) {
        MemoryObject object = mapTwice(size);
        long frame = cache(object, 1);
        long guest = GUEST + size.bytes();
        long alias = ALIAS + size.bytes();

        map(guest, object);
        map(alias, object);

        assertThat(Entry.frame(space.hva().walk(guest))).isEqualTo(frame);
        assertThat(Entry.frame(space.hva().walk(alias))).isEqualTo(frame);
        assertThat(frames.references(frame)).as("the cache and two leaves").isEqualTo(3);
        assertThat(object.cachedBasePages()).isEqualTo(size.basePages());
    }

    @ParameterizedTest
    @EnumSource
    void shouldOnlyUnmapACachedPageWhenItIsDiscarded(PageSize size) {
        MemoryObject object = mapTwice(size);
        long frame = cache(object, 0);
        map(GUEST, object);
        map(ALIAS, object);
        space.mappings().writeProtect(GUEST, GUEST + size.bytes());

        assertThat(space.discard(GUEST, size.bytes())).isEqualTo(Errno.OK);

        assertThat(space.hva().walk(GUEST)).as("write protection outlives the zap").isEqualTo(Entry.uffdWpMarker(size));
        assertThat(Entry.frame(space.hva().walk(ALIAS))).isEqualTo(frame);
        assertThat(object.cached(0)).isEqualTo(frame);
        assertThat(frames.references(frame)).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource
    void shouldDropAPageFromEveryMappingWhenAHoleIsPunched(PageSize size) {
        MemoryObject object = mapTwice(size);
        cache(object, 0);
        long kept = cache(object, 1);
        map(GUEST, object);
        map(ALIAS, object);
        map(ALIAS + size.bytes(), object);
        space.mappings().writeProtect(GUEST, GUEST + size.bytes());

        assertThat(space.punchHole(GUEST, size.bytes())).isEqualTo(Errno.OK);

        assertThat(space.hva().walk(GUEST)).isEqualTo(Entry.NONE);
        assertThat(space.hva().walk(ALIAS)).isEqualTo(Entry.NONE);
        assertThat(object.cached(0)).isEqualTo(-1);
        assertThat(object.cached(1)).isEqualTo(kept);
        assertThat(frames.freeFrames()).isEqualTo(frames.frames() - size.basePages());
    }

    @Test
    void shouldDropAnonymousPagesAndTheirMarkersWhenDiscarded() {
        MemoryObject object = MemoryObject.anon(PageSize.SIZE_4K, 1 << 20);
        space.mmap(GUEST, 1 << 20, object, 0, READ_WRITE, false);
        space.mappings().markUnpopulated(GUEST, GUEST + 8192, PageSize.SIZE_4K);
        space.mappings()
                .install(GUEST + 8192, PageSize.SIZE_4K,
                        Entry.of(frames.allocate(PageSize.SIZE_4K), PageSize.SIZE_4K, Entry.UFFD_WP));
        space.mappings().mark(GUEST + 12288, PageSize.SIZE_4K, Entry.poison(PageSize.SIZE_4K));

        assertThat(space.discard(GUEST, 16384)).isEqualTo(Errno.OK);

        assertThat(space.hva().isEmpty(GUEST, GUEST + (1 << 20))).isTrue();
        assertThat(frames.freeFrames()).isEqualTo(frames.frames());
    }

    @Test
    void shouldAnswerAdviceWithTheKernelsErrors() {
        space.mmap(GUEST, 4096, MemoryObject.anon(PageSize.SIZE_4K, 4096), 0, READ_WRITE, false);
        space.mmap(ALIAS, 4096, MemoryObject.shmem(4096), 0, AddressSpace.PROT_READ, true);

        assertThat(space.punchHole(GUEST, 4096)).isEqualTo(Errno.EINVAL);
        assertThat(space.punchHole(ALIAS, 4096)).isEqualTo(Errno.EACCES);
        assertThat(space.punchHole(3L << 40, 4096)).isEqualTo(Errno.ENOMEM);
        assertThat(space.discard(GUEST, 8192)).as("the second page is a hole").isEqualTo(Errno.ENOMEM);
        assertThat(space.discard(GUEST + 1, 4096)).isEqualTo(Errno.EINVAL);
        assertThat(space.discard(GUEST, 0)).isEqualTo(Errno.EINVAL);
    }

    @Test
    void shouldRoundTheEndOfADiscardDownToWholeHugePages() {
        MemoryObject object = mapTwice(PageSize.SIZE_2M);
        cache(object, 0);
        cache(object, 1);
        map(GUEST, object);
        map(GUEST + PageSize.SIZE_2M.bytes(), object);

        assertThat(space.discard(GUEST, PageSize.SIZE_2M.bytes() + 4096)).isEqualTo(Errno.OK);

        assertThat(space.hva().presentPages(GUEST, GUEST + object.bytes())).isEqualTo(512);
    }

    @Test
    void shouldCacheAPageOnceAndKnowItsEnd() {
        MemoryObject object = MemoryObject.shmem(3 * 4096);

        assertThat(object.insert(2, 9)).isTrue();
        assertThat(object.insert(2, 10)).isFalse();
        assertThat(object.cached(2)).isEqualTo(9);
        assertThat(object.poison(1)).isTrue();
        assertThat(object.isPoisoned(1)).isTrue();
        assertThat(object.cached(1)).isEqualTo(-1);
        assertThat(object.insert(1, 9)).isFalse();
        assertThat(object.remove(1)).isEqualTo(-1);
        assertThat(object.isPoisoned(1)).isFalse();
        assertThat(object.remove(2)).isEqualTo(9);
        assertThat(object.cached(3)).isEqualTo(-1);
        assertThatThrownBy(() -> object.insert(3, 1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> MemoryObject.anon(PageSize.SIZE_4K, 4096).insert(0, 1))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> MemoryObject.shmem(100)).hasMessageContaining("100 bytes");
        assertThatThrownBy(() -> MemoryObject.hugetlb(PageSize.SIZE_4K, 4096)).hasMessageContaining("2MiB or 1GiB");
    }

    private MemoryObject mapTwice(PageSize size) {
        MemoryObject object = size == PageSize.SIZE_4K
                ? MemoryObject.shmem(2 * size.bytes())
                : MemoryObject.hugetlb(size, 2 * size.bytes());
        assertThat(space.mmap(GUEST, object.bytes(), object, 0, READ_WRITE, true)).isEqualTo(Errno.OK);
        assertThat(space.mmap(ALIAS, object.bytes(), object, 0, READ_WRITE, true)).isEqualTo(Errno.OK);
        return object;
    }

    private long cache(MemoryObject object, long page) {
        long frame = frames.allocate(object.pageSize());
        frames.exclusive(frame, object.pageSize(), false);
        assertThat(object.insert(page, frame)).isTrue();
        return frame;
    }

    /** Minor to mapped, as CONTINUE does it. */
    private void map(long address, MemoryObject object) {
        Vma vma = space.vmaAt(address);
        assertThat(vma).isNotNull();
        long frame = object.cached(vma.objectPageAt(address));
        frames.retain(frame, object.pageSize());
        assertThat(space.mappings()
                .install(address, object.pageSize(),
                        Entry.of(frame, object.pageSize(), Entry.WRITABLE)))
                .isEqualTo(Errno.OK);
    }
}
