package io.faultline.space;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import io.faultline.memory.PageSize;
import io.faultline.time.SplitMix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VmaListTest {
    private static final long PAGE = 4096;
    private static final MemoryObject OBJECT = MemoryObject.shmem(1000 * PAGE);

    @Test
    void shouldSplitAtTheBoundsOfAChangeAndJoinWhenItIsTakenBack() {
        VmaList list = VmaList.EMPTY.with(vma(10, 20));

        VmaList split = list.changed(12 * PAGE, 15 * PAGE, vma -> vma.withPermissions(true, false));
        assertThat(split.all()).extracting(Vma::start).containsExactly(10 * PAGE, 12 * PAGE, 15 * PAGE);
        assertThat(split.all()).extracting(vma -> vma.objectPageAt(vma.start())).containsExactly(10L, 12L, 15L);

        VmaList joined = split.changed(12 * PAGE, 15 * PAGE, vma -> vma.withPermissions(true, true));
        assertThat(joined.all()).isEqualTo(list.all());
    }

    @Test
    void shouldJoinOnlyWhatGoesOnInTheSameObject() {
        assertThat(VmaList.EMPTY.with(vma(0, 5)).with(vma(5, 9)).all()).hasSize(1);

        Vma elsewhere = new Vma(5 * PAGE, 9 * PAGE, PageSize.SIZE_4K, OBJECT, 6 * PAGE, true, true, true, null);
        assertThat(VmaList.EMPTY.with(vma(0, 5)).with(elsewhere).all()).hasSize(2);

        Vma registered = vma(5, 9).withRegistration(new UserfaultRegistration(1, UserfaultRegistration.MISSING));
        assertThat(VmaList.EMPTY.with(vma(0, 5)).with(registered).all()).hasSize(2);
    }

    @Test
    void shouldCutAHoleAndFillIt() {
        VmaList list = VmaList.EMPTY.with(vma(0, 10)).changed(3 * PAGE, 5 * PAGE, vma -> null);

        assertThat(list.all()).hasSize(2);
        assertThat(list.at(4 * PAGE)).isNull();
        assertThat(list.covers(0, 3 * PAGE)).isTrue();
        assertThat(list.covers(2 * PAGE, 6 * PAGE)).isFalse();
        assertThat(list.with(vma(3, 5)).all()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldAgreeWithAModelOfSinglePages(long seed) {
        SplitMix random = new SplitMix(seed);
        int pages = 60;
        int[] state = new int[pages];
        VmaList list = VmaList.EMPTY;
        for (int step = 0; step < 2000; step++) {
            int start = random.nextInt(pages);
            int end = start + 1 + random.nextInt(pages - start);
            if (random.nextInt(3) == 0) {
                list = list.changed(start * PAGE, end * PAGE, vma -> null);
                fill(state, start, end, 0);
            } else if (list.overlapping(start * PAGE, end * PAGE).isEmpty()) {
                list = list.with(vma(start, end));
                fill(state, start, end, 1);
            } else {
                boolean writable = random.nextInt(2) == 0;
                list = list.changed(start * PAGE, end * PAGE, vma -> vma.withPermissions(true, writable));
                fillMapped(state, start, end, writable ? 1 : 2);
            }
            check(list, state, "seed " + seed + " step " + step);
        }
    }

    private static void check(VmaList list, int[] state, String when) {
        for (int page = 0; page < state.length; page++) {
            Vma vma = list.at(page * PAGE + 17);
            int found = vma == null ? 0 : vma.writable() ? 1 : 2;
            assertThat(found).as("%s page %d", when, page).isEqualTo(state[page]);
            assertThat(vma == null || vma.objectPageAt(page * PAGE) == page).as(when).isTrue();
        }
        List<Vma> all = list.all();
        for (int i = 1; i < all.size(); i++) {
            assertThat(all.get(i - 1).end()).as(when).isLessThanOrEqualTo(all.get(i).start());
            assertThat(all.get(i - 1).continuesIn(all.get(i))).as("%s: left unjoined", when).isFalse();
        }
    }

    private static void fill(int[] state, int start, int end, int value) {
        for (int page = start; page < end; page++) {
            state[page] = value;
        }
    }

    private static void fillMapped(int[] state, int start, int end, int value) {
        for (int page = start; page < end; page++) {
            state[page] = state[page] == 0 ? 0 : value;
        }
    }

    private static Vma vma(long firstPage, long endPage) {
        return new Vma(firstPage * PAGE, endPage * PAGE, PageSize.SIZE_4K, OBJECT, firstPage * PAGE, true, true, true,
                null);
    }
}
