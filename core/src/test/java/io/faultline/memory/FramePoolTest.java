package io.faultline.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FramePoolTest {
    private static final long GIB_FRAMES = 1 << 18;

    @ParameterizedTest
    @EnumSource
    void shouldHandOutAlignedRunsWithOneReferenceEach(PageSize size) {
        try (FramePool pool = FramePool.tokens(3 * GIB_FRAMES)) {
            long first = pool.allocate(size);
            long second = pool.allocate(size);

            assertThat(first).isNotEqualTo(second);
            for (long frame : new long[]{first, second}) {
                assertThat(size.isFrameAligned(frame)).isTrue();
                assertThat(pool.references(frame)).isEqualTo(1);
                assertThat(pool.references(frame + size.basePages() - 1)).isEqualTo(1);
                assertThat(pool.isExclusive(frame, size)).isTrue();
            }
            assertThat(pool.freeFrames()).isEqualTo(3 * GIB_FRAMES - 2 * size.basePages());
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "511, 511", "512, 512", "513, 513", "262144, 262144", "263000, 263000"})
    void shouldHandOutEveryFrameOnceAndThenNone(long frames, int expected) {
        try (FramePool pool = FramePool.tokens(frames)) {
            boolean[] seen = new boolean[expected];
            for (int i = 0; i < expected; i++) {
                long frame = pool.allocate(PageSize.SIZE_4K);
                assertThat(seen[(int) frame]).isFalse();
                seen[(int) frame] = true;
            }
            assertThat(pool.allocate(PageSize.SIZE_4K)).isEqualTo(-1);
            assertThat(pool.freeFrames()).isZero();
        }
    }

    @Test
    void shouldSplitALargeRunForSmallPagesAndMergeItAgain() {
        try (FramePool pool = FramePool.tokens(GIB_FRAMES)) {
            long small = pool.allocate(PageSize.SIZE_4K);
            assertThat(pool.allocate(PageSize.SIZE_1G)).isEqualTo(-1);
            long medium = pool.allocate(PageSize.SIZE_2M);
            assertThat(medium >= 0 && (small < medium || small >= medium + 512)).isTrue();

            assertThat(pool.release(small, PageSize.SIZE_4K)).isTrue();
            assertThat(pool.allocate(PageSize.SIZE_1G)).isEqualTo(-1);
            assertThat(pool.release(medium, PageSize.SIZE_2M)).isTrue();
            assertThat(pool.allocate(PageSize.SIZE_1G)).isZero();
        }
    }

    @Test
    void shouldGiveBackALargeRunPieceByPiece() {
        try (FramePool pool = FramePool.tokens(GIB_FRAMES)) {
            long run = pool.allocate(PageSize.SIZE_1G);
            for (long frame = run; frame < run + 512; frame++) {
                assertThat(pool.release(frame, PageSize.SIZE_4K)).isTrue();
            }
            assertThat(pool.allocate(PageSize.SIZE_2M)).isEqualTo(run);
            for (long frame = run; frame < run + GIB_FRAMES; frame += 512) {
                assertThat(pool.release(frame, PageSize.SIZE_2M)).isTrue();
            }
            assertThat(pool.freeFrames()).isEqualTo(GIB_FRAMES);
            assertThat(pool.allocate(PageSize.SIZE_1G)).isEqualTo(run);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldFreeAFrameWhenItsLastReferenceGoes(PageSize size) {
        try (FramePool pool = FramePool.tokens(GIB_FRAMES)) {
            long frame = pool.allocate(size);
            pool.retain(frame, size);

            assertThat(pool.references(frame)).isEqualTo(2);
            assertThat(pool.release(frame, size)).isFalse();
            assertThat(pool.release(frame, size)).isTrue();
            assertThat(pool.freeFrames()).isEqualTo(GIB_FRAMES);
        }
    }

    @Test
    void shouldCountReferencesOfEachFrameOfARunByItself() {
        try (FramePool pool = FramePool.tokens(GIB_FRAMES)) {
            long run = pool.allocate(PageSize.SIZE_2M);
            pool.retain(run + 3, PageSize.SIZE_4K);

            assertThat(pool.release(run, PageSize.SIZE_2M)).as("one of the frames lives on").isFalse();
            assertThat(pool.freeFrames()).isEqualTo(GIB_FRAMES - 1);
            assertThat(pool.references(run + 3)).isEqualTo(1);
            assertThat(pool.references(run + 4)).isZero();
            assertThat(pool.allocate(PageSize.SIZE_1G)).isEqualTo(-1);
            assertThat(pool.release(run + 3, PageSize.SIZE_4K)).isTrue();
            assertThat(pool.allocate(PageSize.SIZE_1G)).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldNotReuseQuarantinedFramesUntilTheQuarantineEnds(PageSize size) {
        try (FramePool pool = FramePool.tokens(size.basePages())) {
            long frame = pool.allocate(size);
            pool.quarantine(frame, size);

            assertThat(pool.references(frame)).isZero();
            assertThat(pool.isQuarantined(frame)).isTrue();
            assertThat(pool.quarantinedFrames()).isEqualTo(size.basePages());
            assertThat(pool.allocate(size)).isEqualTo(-1);

            assertThat(pool.endQuarantine(frame, size)).isTrue();
            assertThat(pool.quarantinedFrames()).isZero();
            assertThat(pool.quarantinePeakFrames()).isEqualTo(size.basePages());
            assertThat(pool.allocate(size)).isEqualTo(frame);
        }
    }

    @Test
    void shouldKeepAFrameThatIsHeldByTwoQuarantinesOrStillReferenced() {
        try (FramePool pool = FramePool.tokens(1)) {
            long frame = pool.allocate(PageSize.SIZE_4K);
            pool.retain(frame, PageSize.SIZE_4K);
            pool.retain(frame, PageSize.SIZE_4K);
            pool.quarantine(frame, PageSize.SIZE_4K);
            pool.quarantine(frame, PageSize.SIZE_4K);

            assertThat(pool.quarantinedFrames()).isEqualTo(1);
            assertThat(pool.release(frame, PageSize.SIZE_4K)).as("two quarantines hold it").isFalse();
            assertThat(pool.endQuarantine(frame, PageSize.SIZE_4K)).as("one quarantine holds it").isFalse();
            assertThat(pool.freeFrames()).isZero();
            assertThat(pool.endQuarantine(frame, PageSize.SIZE_4K)).isTrue();
            assertThat(pool.freeFrames()).isEqualTo(1);
        }
    }

    @Test
    void shouldLoseExclusivityWithTheOwnerAndRegainItWithTheNext() {
        try (FramePool pool = FramePool.tokens(1)) {
            long frame = pool.allocate(PageSize.SIZE_4K);
            pool.exclusive(frame, false);
            assertThat(pool.isExclusive(frame)).isFalse();
            pool.exclusive(frame, true);
            pool.quarantine(frame, PageSize.SIZE_4K);
            assertThat(pool.isExclusive(frame)).isFalse();
            pool.endQuarantine(frame, PageSize.SIZE_4K);

            assertThat(pool.allocate(PageSize.SIZE_4K)).isEqualTo(frame);
            assertThat(pool.isExclusive(frame)).isTrue();
        }
    }

    @Test
    void shouldRefuseWhatWouldCorruptItsCounts() {
        try (FramePool pool = FramePool.tokens(512)) {
            assertThatThrownBy(() -> pool.retain(3, PageSize.SIZE_4K))
                    .hasMessage("frame 3 is free and cannot be retained");
            assertThatThrownBy(() -> pool.release(3, PageSize.SIZE_4K)).hasMessageContaining("no reference to release");
            assertThatThrownBy(() -> pool.quarantine(3, PageSize.SIZE_4K)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> pool.endQuarantine(3, PageSize.SIZE_4K)).hasMessageContaining("not in quarantine");
            assertThatThrownBy(() -> pool.release(512, PageSize.SIZE_4K)).isInstanceOf(IndexOutOfBoundsException.class);
        }
        assertThatThrownBy(() -> FramePool.tokens(0)).hasMessageContaining("a pool of 0 frames");
    }

    @Test
    void shouldStopABatchWhereThePoolRunsOut() {
        try (FramePool pool = FramePool.tokens(5)) {
            long[] frames = new long[8];

            assertThat(pool.allocate(PageSize.SIZE_4K, frames, 2, 4)).isEqualTo(4);
            assertThat(pool.allocate(PageSize.SIZE_4K, frames, 0, 2)).isEqualTo(1);
            assertThat(frames[0]).isNotIn(frames[2], frames[3], frames[4], frames[5]);
        }
    }

    @Test
    void shouldTellTheObserverWhatLeavesAndReturns() {
        try (FramePool pool = FramePool.tokens(GIB_FRAMES)) {
            List<String> heard = new ArrayList<>();
            pool.observer(new FrameObserver() {
                @Override
                public void allocated(long frame, long basePages) {
                    heard.add("+" + frame + "x" + basePages);
                }

                @Override
                public void freed(long frame, long basePages) {
                    heard.add("-" + frame + "x" + basePages);
                }
            });

            long run = pool.allocate(PageSize.SIZE_2M);
            pool.quarantine(run, PageSize.SIZE_2M);
            assertThat(heard).containsExactly("+" + run + "x512");
            pool.endQuarantine(run, PageSize.SIZE_2M);
            assertThat(heard).containsExactly("+" + run + "x512", "-" + run + "x512");
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {GIB_FRAMES, 64 * GIB_FRAMES})
    void shouldKeepItsBooksWithinTheBudgetBesideTwoPageTables(long frames) {
        try (FramePool pool = FramePool.tokens(frames)) {
            long resident = GIB_FRAMES / 4;
            PageTable hva = new PageTable();
            PageTable secondStage = new PageTable();
            long empty = pool.bookKeepingBytes() + hva.tableBytes() + secondStage.tableBytes();
            for (long page = 0; page < resident; page++) {
                long frame = pool.allocate(PageSize.SIZE_4K);
                hva.set(page << 12, PageSize.SIZE_4K, Entry.of(frame, PageSize.SIZE_4K, 0));
                secondStage.set(page << 12, PageSize.SIZE_4K, Entry.of(frame, PageSize.SIZE_4K, 0));
                if (page % 7 == 0) {
                    pool.retain(frame, PageSize.SIZE_4K);
                }
            }
            long full = pool.bookKeepingBytes() + hva.tableBytes() + secondStage.tableBytes();

            assertThat((double) (full - empty) / resident).isBetween(16.0, 21.0);
            assertThat((double) empty / frames).isLessThan(1.0);
        }
    }
}
