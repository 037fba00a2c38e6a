package io.faultline.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.faultline.time.SplitMix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CreditsTest {
    private static final int NO_LIMIT = Integer.MAX_VALUE;

    @Test
    void shouldPickFetchersInTurnAndPassOverThoseWithoutCredits() {
        FetchCredits credits = new FetchCredits(3, NO_LIMIT);
        assertThat(credits.pick()).isEqualTo(-1);
        credits.grant(0, 2);
        credits.grant(2, 2);

        assertThat(new int[]{credits.pick(), credits.pick(), credits.pick(), credits.pick()})
                .containsExactly(0, 2, 0, 2);
    }

    @Test
    void shouldAddUpGrantsAndForgetThemWhenRevoked() {
        FetchCredits credits = new FetchCredits(2, NO_LIMIT);
        credits.grant(1, 3);
        credits.grant(1, 4);
        credits.spend(1, 5);
        assertThat(credits.available(1)).isEqualTo(2);

        credits.revoke(1);

        assertThat(credits.available(1)).isZero();
        assertThat(credits.pick()).isEqualTo(-1);
    }

    @Test
    void shouldPickNoFetcherWhileEnoughIsUnderWayHoweverManyCreditsThereAre() {
        FetchCredits credits = new FetchCredits(2, 10);
        credits.grant(0, 20);
        credits.grant(1, 20);
        credits.spend(credits.pick(), 9);
        credits.spend(credits.pick(), 9);
        assertThat(credits.pick()).as("18 of 10").isEqualTo(-1);

        credits.grant(1, 8);
        assertThat(credits.pick()).as("10 of 10").isEqualTo(-1);
        credits.grant(1, 1);
        assertThat(credits.pick()).as("9 of 10").isZero();
    }

    /** Else what a fetcher took with it when it died would count as under way for ever. */
    @Test
    void shouldForgetWhatIsUnderWayWithAFetcherThatDied() {
        FetchCredits credits = new FetchCredits(2, 10);
        credits.grant(0, 20);
        credits.spend(0, 15);
        credits.grant(1, 20);
        assertThat(credits.pick()).isEqualTo(-1);

        credits.revoke(0);

        assertThat(credits.pick()).isEqualTo(1);
        credits.grant(0, 20);
        credits.spend(0, 10);
        assertThat(credits.pick()).as("what the new one granted counts for nothing finished").isEqualTo(-1);
    }

    /** A handler that follows another is granted what the one before it had under way. */
    @Test
    void shouldNotCountMoreAsFinishedThanWasSent() {
        FetchCredits credits = new FetchCredits(1, 10);
        credits.grant(0, 50);
        credits.grant(0, 50);
        credits.spend(0, 10);

        assertThat(credits.pick()).isEqualTo(-1);
    }

    @Test
    void shouldRefuseToSpendMoreThanThereIs() {
        FetchCredits credits = new FetchCredits(1, NO_LIMIT);
        credits.grant(0, 2);

        assertThatThrownBy(() -> credits.spend(0, 3)).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> credits.grant(0, 0)).isInstanceOf(AssertionError.class);
    }

    @Test
    void shouldRefuseToHoldMoreThanWasGrantedOrToReleaseMoreThanIsHeld() {
        GrantedCredits granted = new GrantedCredits(2, 4);
        granted.hold(0, 4);

        assertThatThrownBy(() -> granted.hold(0, 1)).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> granted.release(1, 1)).isInstanceOf(AssertionError.class);
    }

    @Test
    void shouldKeepThePeakOverAllHandlers() {
        GrantedCredits granted = new GrantedCredits(2, 4);
        granted.hold(0, 3);
        granted.hold(1, 2);
        granted.release(0, 3);
        granted.hold(1, 1);

        assertThat(granted.totalPeakPages()).isEqualTo(5);
        assertThat(granted.limitPages()).isEqualTo(8);
        assertThat(granted.grantAnew(0)).isEqualTo(4);
        assertThat(granted.grantAnew(1)).isEqualTo(1);
    }

    @Test
    void shouldTellOfCreditsInPortionsAndOfAllWhenNothingIsHeld() {
        GrantedCredits granted = new GrantedCredits(1, 16);
        granted.hold(0, 9);

        assertThat(granted.release(0, 3)).as("less than a quarter of the grant").isZero();
        assertThat(granted.release(0, 1)).isEqualTo(4);
        assertThat(granted.release(0, 2)).isZero();
        assertThat(granted.release(0, 1)).isZero();
        assertThat(granted.release(0, 2)).as("the last").isEqualTo(5);
    }

    @Test
    void shouldTellAHandlerThatStartsAnewOfAllOnce() {
        GrantedCredits granted = new GrantedCredits(1, 16);
        granted.hold(0, 8);
        granted.release(0, 2);

        assertThat(granted.grantAnew(0)).isEqualTo(10);
        assertThat(granted.release(0, 6)).as("what was told is not told again").isEqualTo(6);
    }

    /** What one side has left and what the other holds or has on its way back always make the grant. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldNeverCreateNorLoseACreditBetweenTheTwoSides(long seed) {
        SplitMix random = new SplitMix(seed);
        int grant = 1 + random.nextInt(20);
        FetchCredits handler = new FetchCredits(1, NO_LIMIT);
        GrantedCredits fetcher = new GrantedCredits(1, grant);
        handler.grant(0, fetcher.grantAnew(0));
        int held = 0;
        int untold = 0;
        for (int step = 0; step < 1_000; step++) {
            if (handler.pick() == 0 && random.nextInt(2) == 0) {
                int pages = 1 + random.nextInt(handler.available(0));
                handler.spend(0, pages);
                fetcher.hold(0, pages);
                held += pages;
            } else if (held > 0) {
                int pages = 1 + random.nextInt(held);
                held -= pages;
                untold += pages;
                int told = fetcher.release(0, pages);
                assertThat(told).as("seed %d, step %d", seed, step).isIn(0, untold);
                if (told > 0) {
                    handler.grant(0, told);
                    untold = 0;
                }
            }
            assertThat(handler.available(0)).as("seed %d, step %d", seed, step).isEqualTo(grant - held - untold);
            assertThat(untold == 0 || held > 0).as("seed %d, step %d: a handler waits for ever", seed, step).isTrue();
        }
    }
}
