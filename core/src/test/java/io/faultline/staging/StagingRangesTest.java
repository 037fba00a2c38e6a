package io.faultline.staging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.faultline.memory.PageSize;
import org.junit.jupiter.api.Test;

class StagingRangesTest {
    private static final long HVA = 1L << 30;

    private final StagingRanges ranges = new StagingRanges(HVA, 2, 4, PageSize.SIZE_2M);

    @Test
    void shouldLaySlotsAndRangesSideBySide() {
        StagingRange first = ranges.take();
        StagingRange second = ranges.take();

        assertThat(first.hvaOf(0)).isEqualTo(HVA);
        assertThat(first.hvaOf(3)).isEqualTo(HVA + (3 << 21));
        assertThat(first.end()).isEqualTo(second.hva());
        assertThat(second.bytes()).isEqualTo(4 << 21);
    }

    @Test
    void shouldHandARangeOutAgainOnlyOnceItWasGivenBack() {
        StagingRange first = ranges.take();
        ranges.take();
        assertThatThrownBy(ranges::take).isInstanceOf(IllegalStateException.class).hasMessageContaining("2 staging");

        ranges.give(first);

        assertThat(ranges.take()).isEqualTo(first);
    }

    @Test
    void shouldTellOfASlotTakenAgainWhetherAPageWasMovedOutOfIt() {
        StagingSlots slots = new StagingSlots(ranges.take());
        int moved = slots.take();
        int kept = slots.take();
        assertThat(slots.isReused(moved)).as("never used before").isFalse();
        slots.give(kept, false);
        slots.give(moved, true);
        assertThat(slots.inUse()).isZero();

        assertThat(slots.take()).isEqualTo(moved);
        assertThat(slots.isReused(moved)).isTrue();
        assertThat(slots.isReused(moved)).as("told once").isFalse();
        assertThat(slots.take()).isEqualTo(kept);
        assertThat(slots.isReused(kept)).isFalse();
    }

    @Test
    void shouldHaveNoMoreSlotsThanTheRange() {
        StagingSlots slots = new StagingSlots(ranges.take());
        for (int slot = 0; slot < 4; slot++) {
            slots.take();
        }

        assertThatThrownBy(slots::take).isInstanceOf(AssertionError.class).hasMessageContaining("all 4 staging slots");
    }
}
