package io.faultline.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PageTableTest {
    private static final long TIB = 1L << 40;

    private final PageTable table = new PageTable();

    @ParameterizedTest
    @EnumSource
    void shouldFindALeafFromEveryAddressItCovers(PageSize size) {
        long start = 3 * TIB + 5 * size.bytes();
        long entry = Entry.of(0, size, Entry.WRITABLE);

        table.set(start, size, entry);

        assertThat(table.walk(start)).isEqualTo(entry);
        assertThat(table.walk(start + size.bytes() - 1)).isEqualTo(entry);
        assertThat(table.walk(start - 1)).isEqualTo(Entry.NONE);
        assertThat(table.walk(start + size.bytes())).isEqualTo(Entry.NONE);
        assertThat(table.presentPages(0, 1L << 48)).isEqualTo(size.basePages());
    }

    @ParameterizedTest
    @EnumSource
    void shouldMarkAccessedAndDirtyAsAHardwareWalker(PageSize size) {
        table.set(0, size, Entry.of(0, size, Entry.WRITABLE));

        assertThat(table.walkAndMark(size.bytes() - 1, false)).isEqualTo(Entry.of(0, size,
                Entry.WRITABLE | Entry.ACCESSED));
        assertThat(table.walkAndMark(0, true)).isEqualTo(table.walk(0))
                .isEqualTo(Entry.of(0, size,
                        Entry.WRITABLE | Entry.ACCESSED | Entry.DIRTY));
    }

    @ParameterizedTest
    @EnumSource
    void shouldLeaveAnEntryUnmarkedThatDoesNotPermitTheAccess(PageSize size) {
        long readOnly = Entry.of(0, size, Entry.UFFD_WP);
        table.set(0, size, readOnly);
        table.set(TIB, size, Entry.poison(size));

        assertThat(table.walkAndMark(0, true)).isEqualTo(readOnly);
        assertThat(table.walk(0)).isEqualTo(readOnly);
        assertThat(table.walkAndMark(TIB, false)).isEqualTo(Entry.poison(size));
        assertThat(table.walkAndMark(2 * TIB, true)).isEqualTo(Entry.NONE);
    }

    @ParameterizedTest
    @EnumSource
    void shouldHandOutTheDirtyBitThatAnExchangeOrAClearTakesAway(PageSize size) {
        table.set(0, size, Entry.of(0, size, Entry.WRITABLE));

        table.walkAndMark(0, true);
        assertThat(Entry.isDirty(table.clearBits(0, size, Entry.DIRTY))).isTrue();
        assertThat(Entry.isDirty(table.clearBits(0, size, Entry.DIRTY))).isFalse();

        table.walkAndMark(0, true);
        assertThat(Entry.isDirty(table.exchange(0, size, Entry.NONE))).isTrue();
        assertThat(table.walk(0)).isEqualTo(Entry.NONE);
    }

    @ParameterizedTest
    @EnumSource
    void shouldWriteProtectAndUnprotectInOneChange(PageSize size) {
        table.set(0, size, Entry.of(0, size, Entry.WRITABLE));

        assertThat(table.change(0, size, Entry.UFFD_WP, Entry.WRITABLE)).isEqualTo(Entry.of(0, size, Entry.WRITABLE));
        assertThat(table.walk(0)).isEqualTo(Entry.of(0, size, Entry.UFFD_WP));
        assertThat(table.change(0, size, Entry.WRITABLE, Entry.UFFD_WP)).isEqualTo(Entry.of(0, size, Entry.UFFD_WP));
        assertThat(Entry.isWritable(table.walk(0))).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void shouldChangeNothingWhereThereIsNoLeaf(PageSize size) {
        assertThat(table.setBits(0, size, Entry.UFFD_WP)).isEqualTo(Entry.NONE);
        assertThat(table.exchange(0, size, Entry.NONE)).isEqualTo(Entry.NONE);
        assertThat(table.walk(0)).isEqualTo(Entry.NONE);
        assertThat(table.isEmpty(0, 1L << 48)).isTrue();
    }

    @Test
    void shouldReplaceALeafOnlyIfItIsAsExpected() {
        long entry = Entry.of(1, PageSize.SIZE_4K, Entry.WRITABLE);

        assertThat(table.compareAndSet(0, PageSize.SIZE_4K, Entry.NONE, entry)).isTrue();
        assertThat(table.compareAndSet(0, PageSize.SIZE_4K, Entry.NONE, Entry.of(2, PageSize.SIZE_4K, 0))).isFalse();
        table.walkAndMark(0, true);
        assertThat(table.compareAndSet(0, PageSize.SIZE_4K, entry, Entry.NONE)).isFalse();
        assertThat(Entry.isDirty(table.walk(0))).isTrue();
    }

    @Test
    void shouldRefuseASmallLeafUnderALargeOneAndTheReverse() {
        table.set(0, PageSize.SIZE_1G, Entry.of(0, PageSize.SIZE_1G, 0));
        table.set(TIB, PageSize.SIZE_4K, Entry.of(0, PageSize.SIZE_4K, 0));

        assertThatThrownBy(() -> table.set(4096, PageSize.SIZE_4K, Entry.of(1, PageSize.SIZE_4K, 0)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("shatter it before");
        assertThatThrownBy(() -> table.set(TIB, PageSize.SIZE_2M, Entry.of(0, PageSize.SIZE_2M, 0)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("collapse or clear them first");
        assertThatThrownBy(() -> table.setBits(TIB, PageSize.SIZE_2M, Entry.DIRTY))
                .isInstanceOf(IllegalStateException.class);
        assertThat(table.presentPages(0, 2 * TIB)).isEqualTo(PageSize.SIZE_1G.basePages() + 1);
    }

    @Test
    void shouldRefuseWhatIsNotALeafAtThatAddress() {
        long entry = Entry.of(0, PageSize.SIZE_2M, 0);

        assertThatThrownBy(() -> table.set(4096, PageSize.SIZE_2M, entry))
                .hasMessageContaining("not a multiple of 2MiB");
        assertThatThrownBy(() -> table.set(0, PageSize.SIZE_4K, entry)).hasMessageContaining("no leaf of 4KiB");
        assertThatThrownBy(() -> table.walk(1L << 48)).hasMessageContaining("beyond the 48 bits");
        assertThatThrownBy(() -> table.walk(-4096)).hasMessageContaining("beyond the 48 bits");
    }

    @Test
    void shouldPutALargeLeafWhereTheTablesBelowAreEmpty() {
        table.set(4096, PageSize.SIZE_4K, Entry.of(1, PageSize.SIZE_4K, 0));
        table.exchange(4096, PageSize.SIZE_4K, Entry.NONE);
        long bytesBefore = table.tableBytes();

        table.set(0, PageSize.SIZE_1G, Entry.of(0, PageSize.SIZE_1G, 0));

        assertThat(Entry.size(table.walk(4096))).isEqualTo(PageSize.SIZE_1G);
        assertThat(table.tableBytes()).isLessThan(bytesBefore);
    }

    @Test
    void shouldShowLeavesOfAllSizesInOrderAndClipTheirPages() {
        table.set(0, PageSize.SIZE_1G, Entry.of(0, PageSize.SIZE_1G, 0));
        table.set(PageSize.SIZE_1G.bytes(), PageSize.SIZE_2M, Entry.of(0, PageSize.SIZE_2M, 0));
        table.set(2 * PageSize.SIZE_1G.bytes(), PageSize.SIZE_4K, Entry.poison(PageSize.SIZE_4K));
        table.set(5 * TIB, PageSize.SIZE_4K, Entry.of(9, PageSize.SIZE_4K, 0));
        List<Long> seen = new ArrayList<>();

        table.forEach(4096, 6 * TIB, (address, size, entry) -> seen.add(address));

        assertThat(seen).containsExactly(0L, 1L << 30, 2L << 30, 5 * TIB);
        assertThat(table.presentPages(4096, (1L << 30) + 8192)).isEqualTo(PageSize.SIZE_1G.basePages() - 1 + 2);
    }

    @Test
    void shouldStopWhenTheVisitorHasSeenEnough() {
        for (long page = 0; page < 10; page++) {
            table.set(page << 12, PageSize.SIZE_4K, Entry.of(page, PageSize.SIZE_4K, 0));
        }
        List<Long> seen = new ArrayList<>();

        table.forEach(0, TIB, (address, size, entry) -> seen.add(address) && seen.size() < 3);

        assertThat(seen).containsExactly(0L, 4096L, 8192L);
    }

    @Test
    void shouldCostLittleWhenSeveralTebibytesAreTouchedSparsely() {
        for (long address = 0; address < 8 * TIB; address += 16L << 30) {
            table.set(address, PageSize.SIZE_4K, Entry.of(0, PageSize.SIZE_4K, 0));
        }

        assertThat(table.presentPages(0, 8 * TIB)).isEqualTo(512);
        assertThat(table.tableBytes()).isLessThan(512 * 12 * 1024);
    }

    @Test
    void shouldTakeLittleMoreThanEightBytesAPageWhenFull() {
        long pages = 1 << 16;
        long empty = table.tableBytes();
        for (long page = 0; page < pages; page++) {
            table.set(TIB + (page << 12), PageSize.SIZE_4K, Entry.of(page, PageSize.SIZE_4K, 0));
        }

        assertThat((double) (table.tableBytes() - empty) / pages).isBetween(8.0, 8.5);
    }

    @Test
    void shouldGiveEmptyTablesBackAndKeepTheOthers() {
        long empty = table.tableBytes();
        table.set(0, PageSize.SIZE_4K, Entry.of(0, PageSize.SIZE_4K, 0));
        table.set(3 * TIB, PageSize.SIZE_4K, Entry.of(0, PageSize.SIZE_4K, 0));
        long before = table.tableBytes();
        table.exchange(3 * TIB, PageSize.SIZE_4K, Entry.NONE);

        table.prune(TIB, 6 * TIB);
        assertThat(table.tableBytes()).isLessThan(before);
        assertThat(table.walk(0)).isNotEqualTo(Entry.NONE);

        table.exchange(0, PageSize.SIZE_4K, Entry.NONE);
        table.prune(0, 1L << 48);
        assertThat(table.tableBytes()).isEqualTo(empty);

        table.set(3 * TIB, PageSize.SIZE_2M, Entry.of(0, PageSize.SIZE_2M, 0));
        assertThat(Entry.size(table.walk(3 * TIB))).isEqualTo(PageSize.SIZE_2M);
    }
}
