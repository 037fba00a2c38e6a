package io.faultline.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import io.faultline.memory.Entry;
import io.faultline.memory.FramePool;
import io.faultline.memory.PageSize;
import org.junit.jupiter.api.Test;

class QuarantinedPagesTest {
    private final FramePool pool = FramePool.tokens(8);
    private final QuarantinedPages pages = new QuarantinedPages(pool);
    private final List<Integer> forgotten = new ArrayList<>();

    private PageHold hold(boolean forgets, int firstIndex, int count) {
        PageHold hold = pages.begin(forgets);
        pages.hold(hold, firstIndex, count);
        for (int page = 0; page < count; page++) {
            hold.frames().reap(Entry.of(pool.allocate(PageSize.SIZE_4K), PageSize.SIZE_4K, 0));
        }
        return hold;
    }

    private int[] held() {
        return IntStream.range(0, 16).filter(pages::holds).toArray();
    }

    @Test
    void shouldHoldPagesAndFramesUntilTheReleaseIsSeen() {
        PageHold first = hold(QuarantinedPages.KEPT, 2, 3);
        PageHold second = hold(QuarantinedPages.KEPT, 9, 1);
        assertThat(pages.endReleased(forgotten::add)).isFalse();
        assertThat(pages.holdOn(3)).isSameAs(first);
        assertThat(pages.holdOn(9)).isSameAs(second);
        assertThat(pages.holdOn(5)).isNull();

        second.release();
        assertThat(held()).containsExactly(2, 3, 4, 9);
        assertThat(pages.endReleased(forgotten::add)).isTrue();

        assertThat(held()).containsExactly(2, 3, 4);
        assertThat(pool.freeFrames()).isEqualTo(5);
        assertThat(pool.quarantinedFrames()).isEqualTo(3);
        assertThat(pages.endReleased(forgotten::add)).isFalse();
    }

    @Test
    void shouldTellWhatWasGivenBackOnlyWhenItIsReleased() {
        PageHold evicted = hold(QuarantinedPages.KEPT, 0, 2);
        PageHold discarded = hold(QuarantinedPages.FORGOTTEN, 4, 2);
        evicted.release();
        pages.endReleased(forgotten::add);
        assertThat(forgotten).isEmpty();

        discarded.release();
        pages.endReleased(forgotten::add);

        assertThat(forgotten).containsExactly(4, 5);
    }

    @Test
    void shouldHoldAPageAsLongAsAnyOfItsUnmapsIsUnreleased() {
        PageHold evicted = hold(QuarantinedPages.KEPT, 3, 1);
        PageHold discarded = pages.begin(QuarantinedPages.FORGOTTEN);
        pages.hold(discarded, 2, 4);

        discarded.release();
        pages.endReleased(forgotten::add);
        assertThat(held()).containsExactly(3);
        evicted.release();
        pages.endReleased(forgotten::add);

        assertThat(held()).isEmpty();
        assertThat(pages.count()).isZero();
    }

    @Test
    void shouldBeWantedFirstOnce() {
        PageHold hold = hold(QuarantinedPages.KEPT, 0, 1);

        assertThat(hold.isWanted()).isFalse();
        assertThat(hold.want()).isTrue();
        assertThat(hold.want()).isFalse();
        assertThat(hold.isWanted()).isTrue();
    }
}
