package io.faultline.userfault;

import static org.assertj.core.api.Assertions.assertThat;

import io.faultline.memory.FramePool;
import io.faultline.memory.PageSize;
import org.junit.jupiter.api.Test;

class FrameStashTest {
    private final FramePool pool = FramePool.tokens(8);
    private final FrameStash stash = new FrameStash(pool);

    @Test
    void shouldHandOutWhatItTookInTheOrderOfThePool() {
        long[] wanted = new long[4];
        FramePool.tokens(8).allocate(PageSize.SIZE_4K, wanted, 0, 4);

        stash.fill(PageSize.SIZE_4K, 3);

        assertThat(pool.freeFrames()).isEqualTo(5);
        for (long frame : wanted) {
            assertThat(stash.allocate(PageSize.SIZE_4K)).isEqualTo(frame);
        }
        assertThat(pool.freeFrames()).as("the fourth came from the pool").isEqualTo(4);
    }

    @Test
    void shouldGiveBackWhatNobodyNeeded() {
        stash.fill(PageSize.SIZE_4K, 5);
        assertThat(stash.allocate(PageSize.SIZE_4K)).isGreaterThanOrEqualTo(0);

        stash.empty();

        assertThat(pool.freeFrames()).isEqualTo(7);
    }

    @Test
    void shouldDoWithWhatThereIs() {
        stash.fill(PageSize.SIZE_4K, 100);

        assertThat(pool.freeFrames()).isZero();
        for (int page = 0; page < 8; page++) {
            assertThat(stash.allocate(PageSize.SIZE_4K)).isGreaterThanOrEqualTo(0);
        }
        assertThat(stash.allocate(PageSize.SIZE_4K)).isEqualTo(-1);
    }

    @Test
    void shouldGiveBackWhatABrokenBatchLeftBehindWhenFilledAgain() {
        stash.fill(PageSize.SIZE_4K, 5);

        stash.fill(PageSize.SIZE_4K, 2);

        assertThat(pool.freeFrames()).isEqualTo(6);
    }
}
