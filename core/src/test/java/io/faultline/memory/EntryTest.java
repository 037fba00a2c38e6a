package io.faultline.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EntryTest {
    private static final long FRAME = 3 << 18;

    @ParameterizedTest
    @EnumSource
    void shouldKeepFrameSizeAndFlagsApart(PageSize size) {
        long entry = Entry.of(FRAME, size, Entry.WRITABLE | Entry.DIRTY);

        assertThat(Entry.frame(entry)).isEqualTo(FRAME);
        assertThat(Entry.size(entry)).isEqualTo(size);
        assertThat(Entry.isPresent(entry)).isTrue();
        assertThat(Entry.isWritable(entry)).isTrue();
        assertThat(Entry.isDirty(entry)).isTrue();
        assertThat(Entry.isAccessed(entry)).isFalse();
        assertThat(Entry.isUffdWp(entry)).isFalse();
        assertThat(Entry.isMarker(entry)).isFalse();
    }

    @Test
    void shouldHoldTheLargestFrameWithoutTouchingTheTablesOwnBits() {
        long largest = (1L << Entry.FRAME_BITS) - 1;
        long entry = Entry.of(largest, PageSize.SIZE_4K, Entry.UFFD_WP);

        assertThat(Entry.frame(entry)).isEqualTo(largest);
        assertThat(entry & (Entry.TABLE | Entry.RETIRED)).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void shouldCarryWriteProtectionAndExclusivityIntoSwap(PageSize size) {
        long entry = Entry.swap(77, size, Entry.UFFD_WP | Entry.EXCLUSIVE);

        assertThat(Entry.isSwap(entry)).isTrue();
        assertThat(Entry.swapSlot(entry)).isEqualTo(77);
        assertThat(Entry.isUffdWp(entry)).isTrue();
        assertThat(entry & Entry.EXCLUSIVE).isNotZero();
        assertThat(Entry.isUffdWpMarker(entry)).isFalse();
        assertThat(Entry.isMarker(entry)).isTrue();
        assertThat(Entry.size(entry)).isEqualTo(size);
    }

    @ParameterizedTest
    @EnumSource
    void shouldTellTheMarkersApart(PageSize size) {
        assertThat(Entry.isPoison(Entry.poison(size))).isTrue();
        assertThat(Entry.isUffdWpMarker(Entry.poison(size))).isFalse();
        assertThat(Entry.isUffdWpMarker(Entry.uffdWpMarker(size))).isTrue();
        assertThat(Entry.isAbsent(Entry.absent(9, size))).isTrue();
        assertThat(Entry.ticket(Entry.absent(9, size))).isEqualTo(9);
        for (long marker : new long[]{Entry.poison(size), Entry.uffdWpMarker(size), Entry.absent(9, size)}) {
            assertThat(Entry.isMarker(marker)).isTrue();
            assertThat(Entry.isMapped(marker)).isFalse();
            assertThat(Entry.size(marker)).isEqualTo(size);
        }
    }

    @Test
    void shouldCallAPageClosedByProtNoneMappedButNotPresent() {
        long entry = Entry.without(Entry.of(FRAME, PageSize.SIZE_4K, Entry.DIRTY), Entry.PRESENT) | Entry.PROT_NONE;

        assertThat(Entry.isPresent(entry)).isFalse();
        assertThat(Entry.isMapped(entry)).isTrue();
        assertThat(Entry.isMarker(entry)).isFalse();
    }

    @Test
    void shouldFindTheFrameOfABasePageInsideALargeLeaf() {
        long entry = Entry.of(FRAME, PageSize.SIZE_1G, 0);
        long address = 7 * PageSize.SIZE_1G.bytes() + 600 * 4096 + 8;

        assertThat(Entry.frameAt(entry, address)).isEqualTo(FRAME + 600);
    }

    @Test
    void shouldRefuseWhatNoHardwareEntryCanBe() {
        assertThatThrownBy(() -> Entry.of(1, PageSize.SIZE_2M, 0)).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> Entry.of(0, PageSize.SIZE_4K, Entry.WRITABLE | Entry.UFFD_WP))
                .isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> Entry.of(1L << Entry.FRAME_BITS, PageSize.SIZE_4K, 0))
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void shouldDescribeItselfForPeople() {
        assertThat(Entry.describe(Entry.NONE)).isEqualTo("none");
        assertThat(Entry.describe(Entry.of(512, PageSize.SIZE_2M, Entry.WRITABLE | Entry.DIRTY)))
                .isEqualTo("present rw dirty 2MiB frame 512");
        assertThat(Entry.describe(Entry.swap(3, PageSize.SIZE_4K, Entry.UFFD_WP)))
                .isEqualTo("swap uffd-wp 4KiB slot 3");
        assertThat(Entry.describe(Entry.poison(PageSize.SIZE_1G))).isEqualTo("poison 1GiB");
    }
}
