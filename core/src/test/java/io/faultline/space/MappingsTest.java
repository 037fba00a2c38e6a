package io.faultline.space;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.faultline.memory.Entry;
import io.faultline.memory.Errno;
import io.faultline.memory.FramePool;
import io.faultline.memory.PageSize;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Every transition of a page-table entry, at every size, with what observers hear and what frames are left. */
class MappingsTest {
    private static final long START = 1L << 40;
    private static final long GIB = PageSize.SIZE_1G.bytes();
    private static final int READ_WRITE = AddressSpace.PROT_READ | AddressSpace.PROT_WRITE;

    private final FramePool frames = FramePool.tokens(4L << 18);
    private final AddressSpace space = new AddressSpace(1, frames);
    private final Mappings mappings = space.mappings();
    private final RecordedChanges changes = new RecordedChanges(START);

    @BeforeEach
    void mapAnonymousMemory() {
        space.mmap(START, 4 * GIB, MemoryObject.anon(PageSize.SIZE_4K, 4 * GIB), 0, READ_WRITE, false);
        space.observer(changes);
    }

    @ParameterizedTest
    @EnumSource
    void shouldInstallAMissingPage(PageSize size) {
        long entry = install(size);

        assertThat(space.hva().walk(START + size.bytes() - 1)).isEqualTo(entry);
        assertThat(changes.take()).containsExactly("changed INSTALL 0-" + size.basePages() + " (0)");
        assertThat(mappings.install(START, size, entry)).isEqualTo(Errno.EEXIST);
        assertThat(frames.references(Entry.frame(entry))).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"SIZE_2M, SIZE_4K", "SIZE_1G, SIZE_4K", "SIZE_1G, SIZE_2M"})
    void shouldFindALargePageOccupiedByASmallOneAndTheReverse(PageSize large, PageSize small) {
        long smallEntry = Entry.of(frames.allocate(small), small, 0);
        long largeEntry = Entry.of(frames.allocate(large), large, 0);
        long inside = START + large.bytes() - small.bytes();

        assertThat(mappings.install(inside, small, smallEntry)).isEqualTo(Errno.OK);
        assertThat(mappings.install(START, large, largeEntry)).isEqualTo(Errno.EEXIST);
        assertThat(mappings.unmap(inside, inside + small.bytes(), MappingChange.DISCARD, false))
                .isEqualTo(small.basePages());
        assertThat(mappings.install(START, large, largeEntry)).isEqualTo(Errno.OK);
        assertThat(mappings.install(inside, small, smallEntry)).isEqualTo(Errno.EEXIST);
    }

    @ParameterizedTest
    @EnumSource
    void shouldReplaceMarkersByAnInstallButNotByAZeroPage(PageSize size) {
        for (long marker : new long[]{Entry.poison(size), Entry.uffdWpMarker(size), Entry.absent(3, size)}) {
            assertThat(mappings.mark(START, size, marker)).isEqualTo(Errno.OK);
            long entry = Entry.of(frames.allocate(size), size, Entry.WRITABLE);

            assertThat(mappings.installOverNone(START, size, entry)).isEqualTo(Errno.EEXIST);
            assertThat(space.hva().walk(START)).isEqualTo(marker);
            assertThat(mappings.install(START, size, entry)).isEqualTo(Errno.OK);
            assertThat(space.hva().walk(START)).isEqualTo(entry);
            mappings.unmap(START, START + size.bytes(), MappingChange.DISCARD, false);
        }
    }

    @Test
    void shouldInstallASmallPageIntoALargeMarkerAndALargePageOverSmallMarkers() {
        mappings.mark(START, PageSize.SIZE_2M, Entry.uffdWpMarker(PageSize.SIZE_2M));
        long entry = Entry.of(frames.allocate(PageSize.SIZE_4K), PageSize.SIZE_4K, 0);
        assertThat(mappings.install(START + 4096, PageSize.SIZE_4K, entry)).isEqualTo(Errno.OK);
        assertThat(space.hva().walk(START)).isEqualTo(Entry.uffdWpMarker(PageSize.SIZE_4K));
        assertThat(space.hva().walk(START + 4096)).isEqualTo(entry);

        mappings.unmap(START + 4096, START + 8192, MappingChange.DISCARD, false);
        long large = Entry.of(frames.allocate(PageSize.SIZE_2M), PageSize.SIZE_2M, 0);
        assertThat(mappings.install(START, PageSize.SIZE_2M, large)).isEqualTo(Errno.OK);
        assertThat(space.hva().walk(START)).isEqualTo(large);
    }

    @ParameterizedTest
    @EnumSource
    void shouldPoisonOnlyWhatIsNotThere(PageSize size) {
        assertThat(mappings.mark(START, size, Entry.poison(size))).isEqualTo(Errno.OK);
        assertThat(changes.take()).containsExactly("changed POISON 0-" + size.basePages() + " (0)");
        assertThat(mappings.mark(START, size, Entry.poison(size))).isEqualTo(Errno.EEXIST);

        mappings.unmap(START, START + size.bytes(), MappingChange.DISCARD, false);
        install(size);
        assertThat(mappings.mark(START, size, Entry.poison(size))).isEqualTo(Errno.EEXIST);
    }

    @ParameterizedTest
    @EnumSource
    void shouldWriteProtectAndUnprotect(PageSize size) {
        install(size);
        space.hva().walkAndMark(START, true);
        changes.take();

        assertThat(mappings.writeProtect(START, START + size.bytes())).isEqualTo(size.basePages());
        long protectedEntry = space.hva().walk(START);
        assertThat(Entry.isWritable(protectedEntry)).isFalse();
        assertThat(Entry.isUffdWp(protectedEntry)).isTrue();
        assertThat(Entry.isDirty(protectedEntry)).isTrue();

        assertThat(mappings.unprotect(START, START + size.bytes())).isEqualTo(size.basePages());
        assertThat(Entry.isWritable(space.hva().walk(START))).isTrue();
        assertThat(Entry.isUffdWp(space.hva().walk(START))).isFalse();
        long pages = size.basePages();
        assertThat(changes.take()).containsExactly("changing WRITE_PROTECT 0-" + pages,
                "changed WRITE_PROTECT 0-" + pages + " (" + pages + ")",
                "changed UNPROTECT 0-" + pages + " (" + pages + ")");
    }

    @ParameterizedTest
    @EnumSource
    void shouldLeaveASharedFrameReadOnlyWhenItIsUnprotected(PageSize size) {
        long entry = install(size);
        frames.exclusive(Entry.frame(entry) + size.basePages() - 1, false);

        mappings.writeProtect(START, START + size.bytes());
        mappings.unprotect(START, START + size.bytes());

        assertThat(Entry.isUffdWp(space.hva().walk(START))).isFalse();
        assertThat(Entry.isWritable(space.hva().walk(START))).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void shouldProtectAPageInSwapAndOneThatIsNotThere(PageSize size) {
        space.hva().set(START, size, Entry.swap(0, size, 0));

        mappings.writeProtect(START, START + size.bytes());
        assertThat(space.hva().walk(START)).isEqualTo(Entry.swap(0, size, Entry.UFFD_WP));
        mappings.unprotect(START, START + size.bytes());
        assertThat(space.hva().walk(START)).isEqualTo(Entry.swap(0, size, 0));

        mappings.markUnpopulated(START, START + 2 * size.bytes(), size);
        assertThat(space.hva().walk(START)).isEqualTo(Entry.swap(0, size, 0));
        assertThat(space.hva().walk(START + size.bytes())).isEqualTo(Entry.uffdWpMarker(size));
        mappings.unprotect(START, START + 2 * size.bytes());
        assertThat(space.hva().walk(START + size.bytes())).isEqualTo(Entry.NONE);
    }

    @ParameterizedTest
    @EnumSource
    void shouldUnmapInTheOrderUnhookTellReap(PageSize size) {
        long entry = install(size);
        space.hva().walkAndMark(START, true);
        changes.take();
        space.reaper(reaped -> {
            changes.add("reaped " + Entry.describe(reaped));
            assertThat(space.hva().walk(START)).isEqualTo(Entry.NONE);
        });

        mappings.unmap(START, START + size.bytes(), MappingChange.DISCARD, false);

        long pages = size.basePages();
        assertThat(changes.take()).containsExactly("changing DISCARD 0-" + pages,
                "changed DISCARD 0-" + pages + " (" + pages + ")",
                "reaped present rw accessed dirty " + size + " frame " + Entry.frame(entry));
    }

    @Test
    void shouldTellOfAChangeThatFoundNothing() {
        assertThat(mappings.unmap(START, START + 3 * 4096, MappingChange.DISCARD, false)).isZero();
        assertThat(mappings.writeProtect(START, START + 4096)).isZero();

        assertThat(changes.take()).containsExactly("changing DISCARD 0-3", "changed DISCARD 0-3 (0)",
                "changing WRITE_PROTECT 0-1", "changed WRITE_PROTECT 0-1 (0)");
    }

    @Test
    void shouldReportALongUnmapInConsecutiveParts() {
        int pages = 20_000;
        for (long page = 0; page < pages; page++) {
            long entry = Entry.of(frames.allocate(PageSize.SIZE_4K), PageSize.SIZE_4K, 0);
            mappings.install(START + page * 4096, PageSize.SIZE_4K, entry);
        }
        changes.take();

        assertThat(mappings.unmap(START, START + 30_000 * 4096L, MappingChange.UNMAP, false)).isEqualTo(pages);

        assertThat(changes.take()).containsExactly("changing UNMAP 0-30000", "changed UNMAP 0-8192 (8192)",
                "changed UNMAP 8192-16384 (8192)", "changed UNMAP 16384-30000 (3616)");
        assertThat(frames.freeFrames()).isEqualTo(frames.frames());
    }

    @ParameterizedTest
    @CsvSource({"SIZE_2M", "SIZE_1G"})
    void shouldShatterALargeLeafOfWhichAPartIsUnmappedAndFreeThatPart(PageSize size) {
        install(size);
        long hole = START + 5 * 4096;

        mappings.unmap(hole, hole + 3 * 4096, MappingChange.DISCARD, false);

        assertThat(frames.freeFrames()).isEqualTo(frames.frames() - size.basePages() + 3);
        assertThat(space.hva().presentPages(START, START + size.bytes())).isEqualTo(size.basePages() - 3);
        assertThat(Entry.size(space.hva().walk(START))).isEqualTo(PageSize.SIZE_4K);
        assertThat(changes.take()).contains("changing SHATTER 0-" + size.basePages(), "changed DISCARD 5-8 (3)");
    }

    @ParameterizedTest
    @CsvSource({"SIZE_2M, SIZE_4K", "SIZE_1G, SIZE_2M", "SIZE_1G, SIZE_4K"})
    void shouldShatterAndCollapseWithoutTouchingReferences(PageSize size, PageSize piece) {
        long entry = install(size);
        changes.take();

        mappings.shatter(START, piece);
        assertThat(Entry.size(space.hva().walk(START))).isEqualTo(piece);
        mappings.shatter(START, piece);
        assertThat(mappings.collapse(START, size)).isTrue();

        assertThat(space.hva().walk(START)).isEqualTo(entry);
        assertThat(frames.references(Entry.frame(entry) + 5)).isEqualTo(1);
        long pages = size.basePages();
        assertThat(changes.take()).containsExactly("changing SHATTER 0-" + pages,
                "changed SHATTER 0-" + pages + " (" + pages + ")", "changing COLLAPSE 0-" + pages,
                "changed COLLAPSE 0-" + pages + " (" + pages + ")");
    }

    @ParameterizedTest
    @EnumSource
    void shouldMoveAPageWithItsFrame(PageSize size) {
        long entry = install(size);
        changes.take();
        long destination = START + 2 * GIB;

        assertThat(mappings.move(destination, START, size)).isEqualTo(Errno.OK);

        assertThat(space.hva().walk(START)).isEqualTo(Entry.NONE);
        assertThat(space.hva().walk(destination)).isEqualTo(
                Entry.of(Entry.frame(entry), size, Entry.WRITABLE | Entry.ACCESSED | Entry.DIRTY));
        assertThat(frames.references(Entry.frame(entry))).isEqualTo(1);
        long pages = size.basePages();
        long to = 2 * PageSize.SIZE_1G.basePages();
        assertThat(changes.take()).containsExactly("changing MOVE 0-" + pages,
                "changed MOVE 0-" + pages + " (" + pages + ")", "changed INSTALL " + to + "-" + (to + pages) + " (0)");
    }

    @ParameterizedTest
    @EnumSource
    void shouldRefuseToMoveWhatTheKernelRefuses(PageSize size) {
        long destination = START + 2 * GIB;
        assertThat(mappings.move(destination, START, size)).isEqualTo(Errno.ENOENT);
        mappings.mark(START, size, Entry.poison(size));
        assertThat(mappings.move(destination, START, size)).isEqualTo(Errno.EFAULT);
        long entry = install(size);
        frames.exclusive(Entry.frame(entry), size, false);
        assertThat(mappings.move(destination, START, size)).isEqualTo(Errno.EBUSY);
        frames.exclusive(Entry.frame(entry), size, true);
        mappings.mark(destination, size, Entry.uffdWpMarker(size));
        assertThat(mappings.move(destination, START, size)).isEqualTo(Errno.EEXIST);
        assertThat(space.hva().walk(START)).isEqualTo(entry);
    }

    @Test
    void shouldRefuseAnAddressThatIsNoPage() {
        assertThatThrownBy(() -> mappings.install(START + 4096, PageSize.SIZE_2M, Entry.of(0, PageSize.SIZE_2M, 0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no multiple of 2MiB");
    }

    private long install(PageSize size) {
        long entry = Entry.of(frames.allocate(size), size, Entry.WRITABLE);
        assertThat(mappings.install(START, size, entry)).isEqualTo(Errno.OK);
        return entry;
    }
}
