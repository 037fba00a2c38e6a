package io.faultline.memory;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ShatterCollapseTest {
    private static final long START = 7L << 30;
    private static final long FRAME = 2L << 18;

    private final PageTable table = new PageTable();

    @ParameterizedTest
    @CsvSource({"SIZE_2M, SIZE_4K", "SIZE_1G, SIZE_2M"})
    void shouldShatterIntoPiecesWithFramesAndFlagsOfTheWhole(PageSize from, PageSize to) {
        long flags = Entry.UFFD_WP | Entry.ACCESSED | Entry.DIRTY;
        table.set(START, from, Entry.of(FRAME, from, flags));

        table.shatter(START + from.bytes() - 1, to);

        for (long offset = 0; offset < from.bytes(); offset += to.bytes()) {
            assertThat(table.walk(START + offset)).isEqualTo(Entry.of(FRAME + (offset >> 12), to, flags));
        }
        assertThat(table.presentPages(START, START + from.bytes())).isEqualTo(from.basePages());
    }

    @Test
    void shouldShatterAGigabyteOnlyOnTheWayToABasePage() {
        table.set(START, PageSize.SIZE_1G, Entry.of(FRAME, PageSize.SIZE_1G, Entry.WRITABLE));
        long inside = START + 5 * PageSize.SIZE_2M.bytes() + 4096;

        table.shatter(inside, PageSize.SIZE_4K);

        int[] leaves = new int[3];
        table.forEach(START, START + PageSize.SIZE_1G.bytes(), (address, size, entry) -> {
            leaves[size.code()]++;
            assertThat(Entry.frame(entry)).isEqualTo(FRAME + ((address - START) >> 12));
            return true;
        });
        assertThat(leaves).containsExactly(512, 511, 0);
    }

    @ParameterizedTest
    @CsvSource({"SIZE_2M", "SIZE_1G"})
    void shouldCollapseFromBasePagesAndMergeTheirMarks(PageSize to) {
        fill(to, PageSize.SIZE_4K);
        table.walkAndMark(START + to.bytes() - 4096, true);

        assertThat(table.collapse(START + 4096, to)).isTrue();

        assertThat(table.walk(START)).isEqualTo(table.walk(START + to.bytes() - 1))
                .isEqualTo(
                        Entry.of(FRAME, to, Entry.WRITABLE | Entry.ACCESSED | Entry.DIRTY));
    }

    @Test
    void shouldCollapseAGigabyteMappedPartlyInEachSize() {
        fill(PageSize.SIZE_1G, PageSize.SIZE_2M);
        table.shatter(START + 3 * PageSize.SIZE_2M.bytes(), PageSize.SIZE_4K);
        table.shatter(START + 511 * PageSize.SIZE_2M.bytes(), PageSize.SIZE_4K);
        long before = table.tableBytes();

        assertThat(table.collapse(START, PageSize.SIZE_1G)).isTrue();

        assertThat(table.walk(START)).isEqualTo(Entry.of(FRAME, PageSize.SIZE_1G, Entry.WRITABLE));
        assertThat(before - table.tableBytes()).isGreaterThan(3 * 4096);
    }

    @ParameterizedTest
    @CsvSource({"SIZE_2M, SIZE_4K", "SIZE_1G, SIZE_2M"})
    void shouldRefuseToCollapseWithAHole(PageSize to, PageSize from) {
        fill(to, from);
        table.exchange(START + 17 * from.bytes(), from, Entry.NONE);

        assertRefused(to, from);
    }

    @ParameterizedTest
    @CsvSource({"SIZE_2M, SIZE_4K", "SIZE_1G, SIZE_2M"})
    void shouldRefuseToCollapseFramesThatAreNotContiguous(PageSize to, PageSize from) {
        fill(to, from);
        table.exchange(START + from.bytes(), from, Entry.of(FRAME + 40 * to.basePages(), from, Entry.WRITABLE));

        assertRefused(to, from);
    }

    @ParameterizedTest
    @CsvSource({"SIZE_2M, SIZE_4K", "SIZE_1G, SIZE_2M"})
    void shouldRefuseToCollapseMixedProtection(PageSize to, PageSize from) {
        fill(to, from);
        table.change(START + from.bytes(), from, Entry.UFFD_WP, Entry.WRITABLE);

        assertRefused(to, from);
    }

    @Test
    void shouldRefuseToCollapseContiguousFramesThatAreNotAligned() {
        for (long page = 0; page < 512; page++) {
            table.set(START + (page << 12), PageSize.SIZE_4K, Entry.of(FRAME + 1 + page, PageSize.SIZE_4K, 0));
        }

        assertRefused(PageSize.SIZE_2M, PageSize.SIZE_4K);
    }

    @Test
    void shouldHaveNothingToCollapseWhereNothingIs() {
        assertThat(table.collapse(START, PageSize.SIZE_2M)).isFalse();
        table.shatter(START, PageSize.SIZE_4K);
        assertThat(table.isEmpty(0, 1L << 48)).isTrue();
    }

    @Test
    void shouldLeaveALargerLeafAsItIs() {
        long entry = Entry.of(FRAME, PageSize.SIZE_1G, 0);
        table.set(START, PageSize.SIZE_1G, entry);

        assertThat(table.collapse(START, PageSize.SIZE_2M)).isTrue();
        table.shatter(START, PageSize.SIZE_1G);
        assertThat(table.walk(START)).isEqualTo(entry);
    }

    @ParameterizedTest
    @EnumSource(names = {"SIZE_2M", "SIZE_1G"})
    void shouldShatterAndCollapseMarkersAsWell(PageSize size) {
        for (long marker : new long[]{Entry.poison(size), Entry.uffdWpMarker(size), Entry.absent(5, size)}) {
            table.exchange(START, size, marker);

            table.shatter(START, size.smaller());
            assertThat(table.walk(START + size.bytes() - 1)).isEqualTo(Entry.resized(marker, size.smaller()));
            assertThat(table.collapse(START, size)).isTrue();
            assertThat(table.walk(START)).isEqualTo(marker);
        }
    }

    @Test
    void shouldNumberTheSwapSlotsOfThePieces() {
        long entry = Entry.swap(1024, PageSize.SIZE_2M, Entry.UFFD_WP);
        table.set(START, PageSize.SIZE_2M, entry);

        table.shatter(START, PageSize.SIZE_4K);

        assertThat(table.walk(START + 4096 * 9)).isEqualTo(Entry.swap(1033, PageSize.SIZE_4K, Entry.UFFD_WP));
        assertThat(table.collapse(START, PageSize.SIZE_2M)).isTrue();
        assertThat(table.walk(START)).isEqualTo(entry);
    }

    private void assertRefused(PageSize to, PageSize from) {
        long first = table.walk(START);
        assertThat(table.collapse(START, to)).isFalse();
        assertThat(table.walk(START)).isEqualTo(first);
        assertThat(Entry.size(first)).isEqualTo(from);
    }

    private void fill(PageSize region, PageSize leaf) {
        for (long offset = 0; offset < region.bytes(); offset += leaf.bytes()) {
            table.set(START + offset, leaf, Entry.of(FRAME + (offset >> 12), leaf, Entry.WRITABLE));
        }
    }
}
