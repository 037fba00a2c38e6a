package io.faultline.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;

class EvictionBatchTest {
    private static EvictionBatch batchOf(int pages) {
        return new EvictionBatch(0, LongStream.range(0, pages).map(page -> 1_000 - page).toArray());
    }

    @Test
    void shouldCountAPageThatStaysOnceHoweverOftenItIsSaid() {
        EvictionBatch batch = batchOf(70);

        batch.stay(1_000);
        batch.stay(1_000);
        batch.stay(931);
        batch.stay(7);

        assertThat(batch.leavingCount()).isEqualTo(68);
        assertThat(batch.isLeaving(1_000)).isFalse();
        assertThat(batch.isLeaving(999)).isTrue();
        assertThat(batch.isLeaving(7)).as("not of this batch").isFalse();
        batch.allStay();
        assertThat(batch.leavingCount()).isZero();
    }
}
