package io.faultline.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;

import io.faultline.flush.FlushPolicies;
import io.faultline.tlb.Tlb;
import io.faultline.tlb.TlbObserver;
import org.junit.jupiter.api.Test;

/** What the sampling oracle is told in which order, one thread in the place of several. */
class SamplingOracleTest {
    private static final int ASID = 1;
    private static final long SIZE = 4096;

    private final SafetyOracle oracle = oracle(0);

    private static SafetyOracle oracle(int blockShift) {
        return SafetyOracle.sampling(() -> 7, FlushPolicies.parse("strict").contract(), 3, 4, 12, blockShift);
    }

    @Test
    void shouldDrawOnePageOfEachBlockAndFindItInEveryRangeThatHasIt() {
        for (long seed = 1; seed <= 20; seed++) {
            var pages = new SampledPages(seed, 12, 6);
            for (long block = 0; block < 50; block++) {
                long first = block * 64;
                long[] drawn =
                        LongStream.range(first, first + 64).filter(page -> pages.isWatched(page * SIZE)).toArray();
                assertThat(drawn).as("seed %d", seed).hasSize(1);
                long at = drawn[0] * SIZE;
                assertThat(pages.isAnyWatched(at, at + 1)).as("seed %d", seed).isTrue();
                assertThat(pages.isAnyWatched(first * SIZE, at)).as("seed %d", seed).isFalse();
                assertThat(pages.isAnyWatched(at + SIZE, (first + 64) * SIZE)).as("seed %d", seed).isFalse();
            }
            assertThat(pages.isAnyWatched(100 * SIZE, 100 * SIZE)).isFalse();
            assertThat(pages.isAnyWatched(100 * SIZE, 300 * SIZE)).isTrue();
        }
    }

    @Test
    void shouldObjectToATranslationUsedAfterItsFlushWasSaidToBeDone() {
        oracle.tlbObserver(0).filled(ASID, SIZE, 0, 5, true);
        long begun = oracle.changeBegins();
        oracle.changed(ASID, SIZE, 2 * SIZE, begun);
        oracle.flushed(ASID, SIZE, 2 * SIZE, begun);
        assertThat(oracle.violationCount()).isZero();

        oracle.accessed(0, ASID, SIZE, false);

        assertThat(oracle.violations()).singleElement().satisfies(violation -> {
            assertThat(violation.invariant()).isEqualTo(Invariant.O1);
            assertThat(violation.text()).contains("CPU [0]", "page 0x1000", "seed 3", "7 ns");
        });
    }

    /** The walk may have come before the change or after it: nobody can tell, so it is held against nobody. */
    @Test
    void shouldTakeATranslationForTrueThatWasFoundWhileItsPageWasBeingChanged() {
        long begun = oracle.changeBegins();
        oracle.tlbObserver(0).filled(ASID, SIZE, 0, 5, true);
        oracle.changed(ASID, SIZE, 2 * SIZE, begun);
        oracle.flushed(ASID, SIZE, 2 * SIZE, begun);
        oracle.accessed(0, ASID, SIZE, true);
        oracle.copied(5, 1);

        assertThat(oracle.violations()).isEmpty();
    }

    @Test
    void shouldObjectToAFrameReusedWhileATranslationToItIsHeldAndNotAfter() {
        TlbObserver tlb = oracle.tlbObserver(1);
        tlb.filled(ASID, SIZE, 0, 5, false);
        oracle.frameObserver().allocated(5, 1);
        assertThat(oracle.violations()).singleElement().matches(found -> found.invariant() == Invariant.O2);

        tlb.dropped(ASID, SIZE, 0);
        oracle.frameObserver().allocated(5, 1);
        assertThat(oracle.violationCount()).isOne();
    }

    @Test
    void shouldKnowWhatAFlushOfEverythingDropped() {
        var tlb = new Tlb(64);
        tlb.observer(oracle.tlbObserver(2));
        for (long page = 1; page <= 20; page++) {
            tlb.fill(ASID, page * SIZE, 0, page, true, true);
        }
        tlb.flushAll();
        oracle.rangeReused(ASID, SIZE, 21 * SIZE);
        assertThat(oracle.violations()).isEmpty();

        tlb.fill(ASID, SIZE, 0, 1, true, true);
        oracle.rangeReused(ASID, SIZE, 21 * SIZE);
        assertThat(oracle.violations()).singleElement().matches(found -> found.invariant() == Invariant.O3);
    }

    @Test
    void shouldLookAtNothingOfAPageThatIsNotWatched() {
        SafetyOracle sampled = oracle(6);
        long other = LongStream.range(0, 64).filter(page -> !sampled.watches(page * SIZE)).findFirst().orElseThrow();
        sampled.tlbObserver(0).filled(ASID, other * SIZE, 0, 5, true);
        sampled.rangeReused(ASID, other * SIZE, (other + 1) * SIZE);
        sampled.frameObserver().allocated(5, 1);

        assertThat(sampled.violations()).isEmpty();
    }
}
