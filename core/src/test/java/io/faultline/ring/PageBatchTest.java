package io.faultline.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.LongStream;

import io.faultline.memory.PageBuffer;
import io.faultline.memory.PageSize;
import io.faultline.userfault.FaultKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PageBatchTest {
    private static PageBatch batchOf(int pages) {
        PageBatch batch = new PageBatch(3, 1);
        for (int page = 0; page < pages; page++) {
            batch.add(100 + page, 7 + page, FaultKind.MISSING, page % 2 == 1, page % 3 == 1, 1_000 + page);
        }
        return batch;
    }

    private static PageBuffer buffer() {
        return PageBuffer.tokens(PageSize.SIZE_4K, 1);
    }

    @Test
    void shouldKeepWhatWasAddedThroughGrowth() {
        PageBatch batch = batchOf(40);

        assertThat(batch.count()).isEqualTo(40);
        for (int page = 0; page < 40; page++) {
            assertThat(batch.page(page)).isEqualTo(100 + page);
            assertThat(batch.attempt(page)).isEqualTo(7 + page);
            assertThat(batch.raisedNanos(page)).isEqualTo(1_000 + page);
            assertThat(batch.write(page)).isEqualTo(page % 2 == 1);
            assertThat(batch.removed(page)).isEqualTo(page % 3 == 1);
            assertThat(batch.kind(page)).isEqualTo(FaultKind.MISSING);
            assertThat(batch.slot(page)).isEqualTo(PageBatch.NO_SLOT);
        }
    }

    @Test
    void shouldLeaveOutTheRangeItIsToldTo() {
        PageBatch batch = batchOf(6);

        PageBatch left = batch.without(102, 104);

        assertThat(left).isNotNull();
        assertThat(LongStream.range(0, left.count()).map(index -> left.page((int) index)))
                .containsExactly(100L, 101L, 104L, 105L);
        assertThat(left.attempt(2)).isEqualTo(11);
        assertThat(batch.without(106, 200)).isSameAs(batch);
        assertThat(batch.without(100, 106)).isNull();
    }

    @ParameterizedTest
    @EnumSource
    void shouldTellTheKindsApartWhateverTheOtherFlags(FaultKind kind) {
        PageBatch batch = new PageBatch(0, 1);
        batch.add(0, 1, kind, true, true, 0);
        batch.add(1, 1, kind, false, false, 0);
        batch.fail(1, "for its flag");

        assertThat(batch.kind(0)).isEqualTo(batch.kind(1)).isEqualTo(kind);
        assertThat(batch.write(0)).isTrue();
        assertThat(batch.removed(0)).isTrue();
        assertThat(batch.write(1)).isFalse();
        assertThat(batch.removed(1)).isFalse();
    }

    @Test
    void shouldSplitTheEndOffWithItsSlotsAndEverythingThatIsOfTheWholeBatch() {
        PageBatch batch = batchOf(5);
        PageBuffer fourth = buffer();
        batch.slot(4, 9, fourth);
        batch.handler(2);
        batch.fetcher(1, 6);
        batch.resolution(Resolution.ZEROPAGE);
        batch.forwardedNanos(11);
        batch.handledNanos(12);
        batch.fetchedNanos(13);
        batch.nextFetchAttempt();

        PageBatch rest = batch.splitAfter(3);

        assertThat(batch.count()).isEqualTo(3);
        assertThat(rest.count()).isEqualTo(2);
        assertThat(rest.page(0)).isEqualTo(103);
        assertThat(rest.attempt(1)).isEqualTo(11);
        assertThat(rest.slot(1)).isEqualTo(9);
        assertThat(rest.buffer(1)).isSameAs(fourth);
        assertThat(rest.memslot()).isEqualTo(3);
        assertThat(rest.handler()).isEqualTo(2);
        assertThat(rest.fetcher()).isEqualTo(1);
        assertThat(rest.fetcherIncarnation()).isEqualTo(6);
        assertThat(rest.fetchAttempt()).isEqualTo(2);
        assertThat(rest.resolution()).isEqualTo(Resolution.ZEROPAGE);
        assertThat(rest.forwardedNanos()).isEqualTo(11);
        assertThat(rest.handledNanos()).isEqualTo(12);
        assertThat(rest.fetchedNanos()).isEqualTo(13);
    }

    @Test
    void shouldTakeOutExactlyThePagesThatFailed() {
        PageBatch batch = batchOf(5);
        for (int page = 0; page < 5; page++) {
            batch.slot(page, 20 + page, buffer());
        }
        batch.fail(1, "first");
        batch.fail(4, "second");

        PageBatch failed = batch.splitFailed();

        assertThat(failed).isNotNull();
        assertThat(failed.count()).isEqualTo(2);
        assertThat(failed.page(0)).isEqualTo(101);
        assertThat(failed.slot(1)).isEqualTo(24);
        assertThat(failed.failure()).isEqualTo("second");
        assertThat(batch.count()).isEqualTo(3);
        assertThat(batch.page(1)).isEqualTo(102);
        assertThat(batch.slot(2)).isEqualTo(23);
        assertThat(batch.failure()).isNull();
        assertThat(batch.splitFailed()).isNull();
    }

    @Test
    void shouldForgetFailuresWithTheNextAttempt() {
        PageBatch batch = batchOf(2);
        batch.fail(0, "once");

        batch.nextFetchAttempt();

        assertThat(batch.fetchAttempt()).isEqualTo(2);
        assertThat(batch.failure()).isNull();
        batch.fail(1, "now");
        PageBatch failed = batch.splitFailed();
        assertThat(failed).isNotNull();
        assertThat(failed.count()).isEqualTo(1);
        assertThat(failed.page(0)).isEqualTo(101);
    }

    @Test
    void shouldLeaveTheSlotBehindWhenAskedTo() {
        PageBatch batch = batchOf(1);
        batch.slot(0, 4, buffer());
        PageBatch without = batch.emptyLike(1);

        without.addWithoutSlot(batch, 0);

        assertThat(without.slot(0)).isEqualTo(PageBatch.NO_SLOT);
        assertThatThrownBy(() -> without.buffer(0)).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("page 100");
        assertThat(batch.takeSlot(0)).isEqualTo(4);
        assertThat(batch.slot(0)).isEqualTo(PageBatch.NO_SLOT);
    }

    @Test
    void shouldRefuseASecondSlotAndAPageOfAnotherMemslot() {
        PageBatch batch = batchOf(1);
        batch.slot(0, 4, buffer());

        assertThatThrownBy(() -> batch.slot(0, 5, buffer())).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> new PageBatch(4, 1).addFrom(batch, 0)).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> batch.unfinished(2)).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> batch.splitAfter(1)).isInstanceOf(AssertionError.class);
    }
}
