package io.faultline.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.BitSet;

import io.faultline.time.SplitMix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClockHandTest {
    private final BitSet accessed = new BitSet();
    private final BitSet pinned = new BitSet();

    private boolean testAndClear(int page) {
        boolean was = accessed.get(page);
        accessed.clear(page);
        return was;
    }

    private int[] take(ClockHand hand, int wanted) {
        int[] victims = new int[wanted];
        int taken = hand.take(page -> !pinned.get(page), this::testAndClear, victims);
        return Arrays.copyOf(victims, taken);
    }

    @Test
    void shouldTakePagesThatWereNotAccessedAndGoOnWhereItStopped() {
        ClockHand hand = new ClockHand(6);
        accessed.set(1);

        assertThat(take(hand, 2)).containsExactly(0, 2);
        assertThat(take(hand, 2)).containsExactly(3, 4);
        assertThat(accessed.get(1)).as("the hand passed it").isFalse();
    }

    @Test
    void shouldGiveAnAccessedPageASecondChanceAndTakeItWhenItIsNotUsed() {
        ClockHand hand = new ClockHand(3);
        accessed.set(0, 3);

        assertThat(take(hand, 1)).containsExactly(0);
        accessed.set(0);
        assertThat(take(hand, 1)).containsExactly(1);
    }

    @Test
    void shouldNeverTakeWhatIsNotEvictableNorOnePageTwice() {
        ClockHand hand = new ClockHand(4);
        pinned.set(1, 3);

        assertThat(take(hand, 10)).containsExactly(0, 3);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void shouldChooseAsANaiveClockDoes(long seed) {
        SplitMix random = new SplitMix(seed);
        int pages = 5 + random.nextInt(60);
        ClockHand hand = new ClockHand(pages);
        int naiveHand = 0;
        for (int round = 0; round < 200; round++) {
            for (int page = 0; page < pages; page++) {
                accessed.set(page, random.nextInt(3) == 0);
                pinned.set(page, random.nextInt(5) == 0);
            }
            BitSet naiveAccessed = (BitSet) accessed.clone();
            int[] victims = take(hand, 1);

            int steps = 0;
            int expected = -1;
            while (steps++ < 2 * pages && expected < 0) {
                int page = naiveHand;
                naiveHand = (naiveHand + 1) % pages;
                if (pinned.get(page)) {
                    continue;
                }
                if (naiveAccessed.get(page)) {
                    naiveAccessed.clear(page);
                } else {
                    expected = page;
                }
            }
            assertThat(victims).as("seed %d, round %d", seed, round)
                    .isEqualTo(expected < 0 ? new int[0] : new int[]{expected});
            assertThat(accessed).isEqualTo(naiveAccessed);
        }
    }
}
