package io.faultline.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Set;

import io.faultline.memory.PageSize;
import io.faultline.time.SplitMix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReceiveSlotsTest {
    private final ReceiveSlots slots = new ReceiveSlots(PageSize.SIZE_4K, true, 3);

    @Test
    void shouldTakeTheSlotGivenBackLastFirst() {
        int first = slots.take();
        int second = slots.take();
        slots.give(first);
        slots.give(second);

        assertThat(slots.take()).isEqualTo(second);
        assertThat(slots.inUse()).isEqualTo(1);
        assertThat(slots.inUsePeak()).isEqualTo(2);
    }

    @Test
    void shouldKeepASlotsBufferAndGiveEachItsOwn() {
        int first = slots.take();
        int second = slots.take();

        assertThat(slots.buffer(first)).isSameAs(slots.buffer(first)).isNotSameAs(slots.buffer(second));
        assertThat(slots.buffer(first).isTokens()).isTrue();
        assertThat(new ReceiveSlots(PageSize.SIZE_2M, false, 1).buffer(0).bytes().byteSize()).isEqualTo(2 << 20);
    }

    @Test
    void shouldRefuseMoreThanItsCapacity() {
        slots.take();
        slots.take();
        slots.take();

        assertThatThrownBy(slots::take).isInstanceOf(AssertionError.class).hasMessageContaining("3 receive slots");
    }

    @Test
    void shouldAlwaysHaveItsCapacityBesideWhatIsStuck() {
        int stuck = slots.take();
        slots.giveUp();

        Set<Integer> taken = new HashSet<>();
        for (int count = 0; count < 3; count++) {
            taken.add(slots.take());
        }

        assertThat(taken).hasSize(3).doesNotContain(stuck);
        assertThatThrownBy(slots::take).isInstanceOf(AssertionError.class);
        slots.giveLate(stuck);
        assertThat(slots.take()).isEqualTo(stuck);
    }

    @Test
    void shouldRefuseALateSlotThatWasNotGivenUp() {
        int slot = slots.take();

        assertThatThrownBy(() -> slots.giveLate(slot)).isInstanceOf(AssertionError.class);
        slots.giveUp();
        assertThatThrownBy(slots::giveUp).as("none is left to give up").isInstanceOf(AssertionError.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldGrowOnlyByWhatIsStuckAtOnce(long seed) {
        SplitMix random = new SplitMix(seed);
        Set<Integer> held = new HashSet<>();
        Set<Integer> stuck = new HashSet<>();
        for (int step = 0; step < 2_000; step++) {
            int what = random.nextInt(4);
            if (what == 0 && held.size() < 3) {
                int slot = slots.take();
                assertThat(slot).as("seed %d, step %d", seed, step).isBetween(0, 6);
                assertThat(held.add(slot)).isTrue();
                assertThat(stuck).doesNotContain(slot);
            } else if (what == 1 && !held.isEmpty()) {
                int slot = held.iterator().next();
                held.remove(slot);
                slots.give(slot);
            } else if (what == 2 && !held.isEmpty() && stuck.size() < 4) {
                int slot = held.iterator().next();
                held.remove(slot);
                stuck.add(slot);
                slots.giveUp();
            } else if (what == 3 && !stuck.isEmpty()) {
                int slot = stuck.iterator().next();
                stuck.remove(slot);
                slots.giveLate(slot);
            }
            assertThat(slots.inUse()).as("seed %d, step %d", seed, step).isEqualTo(held.size() + stuck.size());
        }
    }
}
