package io.faultline.userfault;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageSlotsTest {
    @Test
    void shouldFindOnlyWhatIsOpen() {
        PageSlots slots = new PageSlots(8);
        int seven = slots.open(7);
        int nine = slots.open(9);
        assertThat(slots.find(7)).isEqualTo(seven);
        assertThat(slots.find(9)).isEqualTo(nine);
        slots.close(seven);
        assertThat(slots.find(7)).isEqualTo(PageSlots.NONE);
        assertThat(slots.find(9)).isEqualTo(nine);
    }

    @Test
    void shouldReuseClosedSlotsRatherThanGrow() {
        PageSlots slots = new PageSlots(8);
        for (int round = 0; round < 1000; round++) {
            slots.close(slots.open(round));
        }
        assertThat(slots.capacity()).isEqualTo(8);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void shouldAgreeWithALinkedMapOverRandomOpensAndCloses(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        PageSlots slots = new PageSlots(8);
        Map<Long, Integer> model = new LinkedHashMap<>();
        for (int step = 0; step < 20_000; step++) {
            // Few distinct pages, some of them far apart, so that probes collide and wrap around.
            long page = random.nextInt(300) * (random.nextBoolean() ? 1L : 1L << 26);
            Integer slot = model.get(page);
            assertThat(slots.find(page)).as("seed %d step %d", seed, step).isEqualTo(slot == null ? -1 : slot);
            if (slot == null) {
                model.put(page, slots.open(page));
            } else if (random.nextInt(3) != 0) {
                slots.close(slot);
                model.remove(page);
            }
        }
        assertThat(slots.count()).as("seed %d", seed).isEqualTo(model.size());
        assertThat(inOrder(slots)).as("seed %d", seed).containsExactlyElementsOf(model.keySet());
    }

    private static List<Long> inOrder(PageSlots slots) {
        List<Long> pages = new ArrayList<>();
        for (int slot = slots.first(); slot != PageSlots.NONE; slot = slots.after(slot)) {
            pages.add(slots.page(slot));
        }
        return pages;
    }
}
