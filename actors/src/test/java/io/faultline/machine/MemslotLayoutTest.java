package io.faultline.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MemslotLayoutTest {
    @Test
    void shouldGiveTheFirstMemslotsOnePageMoreWhenPagesDoNotDivide() {
        MemslotLayout layout = new MemslotLayout(11, 4);

        assertThat(new long[]{layout.pagesOf(0), layout.pagesOf(1), layout.pagesOf(2), layout.pagesOf(3)})
                .containsExactly(3, 3, 3, 2);
        assertThat(new long[]{layout.firstPage(0), layout.firstPage(1), layout.firstPage(2), layout.firstPage(3)})
                .containsExactly(0, 3, 6, 9);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void shouldDealEveryPageToExactlyOneMemslot(long seed) {
        Random random = new Random(seed);
        int memslots = 1 + random.nextInt(100);
        MemslotLayout layout = new MemslotLayout(memslots + random.nextInt(5_000), memslots);

        long next = 0;
        for (int memslot = 0; memslot < memslots; memslot++) {
            assertThat(layout.firstPage(memslot)).as("first page of %d, seed %d", memslot, seed).isEqualTo(next);
            for (long page = next; page < next + layout.pagesOf(memslot); page++) {
                assertThat(layout.memslotOf(page)).as("memslot of page %d, seed %d", page, seed).isEqualTo(memslot);
            }
            next += layout.pagesOf(memslot);
        }
        assertThat(next).as("seed %d", seed).isEqualTo(layout.pages());
    }

    @Test
    void shouldRefuseAnEmptyMemslot() {
        assertThatIllegalArgumentException().isThrownBy(() -> new MemslotLayout(3, 4))
                .withMessageContaining("3 pages to 4 memslots");
        assertThatIllegalArgumentException().isThrownBy(() -> new MemslotLayout(3, 0));
    }

    @Test
    void shouldRefuseAPageOutsideTheMachine() {
        MemslotLayout layout = new MemslotLayout(8, 2);

        assertThatThrownBy(() -> layout.memslotOf(8)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> layout.firstPage(2)).isInstanceOf(IndexOutOfBoundsException.class);
    }
}
