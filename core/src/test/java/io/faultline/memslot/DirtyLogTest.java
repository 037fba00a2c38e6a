package io.faultline.memslot;

import static io.faultline.memslot.Guest.GPA;
import static io.faultline.memslot.Guest.HVA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.BitSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;

import io.faultline.memory.Entry;
import io.faultline.memory.PageSize;
import io.faultline.time.SplitMix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DirtyLogTest {
    private final Guest guest = new Guest(MemslotRegion.LOG_DIRTY_PAGES);
    private final SecondStage secondStage = guest.secondStage;

    @ParameterizedTest
    @EnumSource
    void shouldLogTheBasePageThatWasWrittenWhateverTheHostsSize(PageSize size) {
        guest.install(0, size, Entry.WRITABLE);
        long last = size.bytes() - 4096;

        assertThat(secondStage.map(GPA + last, true)).isEqualTo(MapOutcome.MAPPED);
        assertThat(Entry.size(guest.guest(last))).isEqualTo(PageSize.SIZE_4K);

        assertThat(dirtyPages()).containsExactly(last >> 12);
        assertThat(dirtyPages()).as("taken once").isEmpty();
    }

    @Test
    void shouldMapReadOnlyOnAReadSoThatTheFirstWriteIsSeen() {
        guest.install(0, PageSize.SIZE_4K, Entry.WRITABLE);

        secondStage.map(GPA, false);
        assertThat(Entry.isWritable(guest.guest(0))).isFalse();
        assertThat(dirtyPages()).isEmpty();

        assertThat(secondStage.map(GPA, true)).isEqualTo(MapOutcome.MAPPED);
        assertThat(dirtyPages()).containsExactly(0L);
    }

    @Test
    void shouldWriteProtectAndSeeTheNextWriteAgain() {
        guest.install(0, PageSize.SIZE_4K, Entry.WRITABLE);
        secondStage.map(GPA, true);
        dirtyPages();

        assertThat(Entry.isWritable(guest.guest(0))).isFalse();
        assertThat(Entry.isDirty(guest.host(0))).as("the host learned of the write").isTrue();
        secondStage.map(GPA, true);
        assertThat(dirtyPages()).containsExactly(0L);
    }

    @ParameterizedTest
    @CsvSource({"SIZE_2M", "SIZE_1G"})
    void shouldShatterALargeLeafOnlyWhenItIsWrittenAndCollapseWhenLoggingEnds(PageSize size) {
        Guest plain = new Guest(0);
        plain.install(0, size, Entry.WRITABLE);
        plain.secondStage.map(GPA, true);
        MemslotRegion slot = plain.secondStage.slot();

        plain.secondStage.flags(
                new MemslotRegion(1, MemslotRegion.LOG_DIRTY_PAGES, slot.gpa(), slot.bytes(), slot.hva()));
        assertThat(Entry.size(plain.guest(0))).isEqualTo(size);
        assertThat(Entry.isWritable(plain.guest(0))).isFalse();
        assertThat(bits(plain.secondStage.takeDirtyLog())).isEmpty();

        plain.secondStage.map(GPA + 4096, true);
        assertThat(Entry.size(plain.guest(4096))).isEqualTo(PageSize.SIZE_4K);
        assertThat(Entry.isWritable(plain.guest(0))).isFalse();
        assertThat(bits(plain.secondStage.takeDirtyLog())).containsExactly(1L);

        plain.secondStage.flags(slot);
        assertThat(plain.secondStage.collapse(GPA, size)).isTrue();
        assertThat(plain.secondStage.map(GPA, true)).isEqualTo(MapOutcome.MAPPED);
        assertThat(Entry.size(plain.guest(0))).isEqualTo(size);
    }

    @Test
    void shouldKeepWhatWasWrittenBeforeThePageWasUnmapped() {
        guest.install(8192, PageSize.SIZE_4K, Entry.WRITABLE);
        secondStage.map(GPA + 8192, true);

        guest.space.discard(HVA + 8192, 4096);

        assertThat(dirtyPages()).containsExactly(2L);
    }

    @Test
    void shouldRefuseToAnswerForASlotThatDoesNotLog() {
        Guest plain = new Guest(0);
        assertThatThrownBy(plain.secondStage::takeDirtyLog).hasMessage("slot 1 does not log dirty pages");
        assertThatThrownBy(() -> plain.secondStage.flags(new MemslotRegion(1, 0, GPA, 4096, HVA)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("another range");
    }

    /**
     * A vCPU writes pages that are open while their host pages are protected, which takes dirty bits by force. Every
     * write noted before a take of the log must be in that take, or in an earlier one since the note was last cleared.
     */
    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void shouldLoseNoWriteWhileTheLogIsTaken(long seed) throws Exception {
        int pages = 64;
        guest.install(0, PageSize.SIZE_2M, Entry.WRITABLE);
        AtomicIntegerArray noted = new AtomicIntegerArray(pages);
        AtomicBoolean done = new AtomicBoolean();
        int checked = 0;
        try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
            Future<?> vcpu = threads.submit(() -> {
                SplitMix random = new SplitMix(seed);
                while (!done.get()) {
                    int page = random.nextInt(pages);
                    // A set note means: written, and not looked for yet. So each note stands for one write.
                    if (noted.get(page) == 0 && Entry.isWritable(guest.table.walkAndMark(GPA + page * 4096L, true))) {
                        noted.set(page, 1);
                    }
                }
            });
            BitSet found = new BitSet();
            try {
                for (int take = 0; take < 3000; take++) {
                    for (int page = 0; page < pages; page++) {
                        openWithoutMarking(page);
                    }
                    BitSet due = new BitSet();
                    for (int page = 0; page < pages; page++) {
                        due.set(page, noted.get(page) == 1);
                    }
                    found.or(BitSet.valueOf(secondStage.takeDirtyLog()));
                    due.stream()
                            .forEach(page -> assertThat(found.get(page)).as("seed %d page %d", seed, page).isTrue());
                    checked += due.cardinality();
                    due.stream().forEach(page -> {
                        found.clear(page);
                        noted.set(page, 0);
                    });
                }
            } finally {
                done.set(true);
            }
            vcpu.get();
        }
        assertThat(checked).isPositive();
    }

    /** Makes a page writable without the dirty bit that resolving a write fault sets, so that only the vCPU sets it. */
    private void openWithoutMarking(int page) {
        long gpa = GPA + page * 4096L;
        secondStage.map(gpa, false);
        guest.table.setBits(gpa, PageSize.SIZE_4K, Entry.WRITABLE);
    }

    private long[] dirtyPages() {
        return bits(secondStage.takeDirtyLog());
    }

    private static long[] bits(long[] words) {
        return BitSet.valueOf(words).stream().asLongStream().toArray();
    }
}
