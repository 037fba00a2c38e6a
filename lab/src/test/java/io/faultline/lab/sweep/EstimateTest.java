package io.faultline.lab.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class EstimateTest {
    /** Student's t for 2 and 4 degrees of freedom, two-sided 95 %: 4.3027 and 2.7764. */
    @Test
    void shouldGiveStudentsInterval() {
        assertThat(Estimate.of(new double[]{1, 2, 3}).halfWidth()).isCloseTo(4.3027 / Math.sqrt(3), within(1e-4));
        assertThat(Estimate.of(new double[]{2, 4, 4, 4, 6}).halfWidth())
                .isCloseTo(2.7764 * Math.sqrt(2) / Math.sqrt(5), within(1e-4));
        assertThat(Estimate.of(new double[]{1, 2, 3})).returns(2.0, Estimate::mean)
                .returns(1.0, Estimate::least)
                .returns(3.0, Estimate::most);
    }

    @Test
    void shouldHaveNoIntervalForASingleSeed() {
        assertThat(Estimate.of(new double[]{7}).halfWidth()).isNaN();
        assertThat(Estimate.of(new double[]{7}).overlaps(Estimate.of(new double[]{7}))).isTrue();
        assertThat(Estimate.of(new double[]{7}).overlaps(Estimate.of(new double[]{7.1}))).isFalse();
    }

    /** The mean of three times 0.1 is not 0.1, and its interval not empty. */
    @Test
    void shouldBeExactWhenAllSeedsAgree() {
        Estimate alike = Estimate.of(new double[]{0.1, 0.1, 0.1});

        assertThat(alike.mean()).isEqualTo(0.1);
        assertThat(alike.halfWidth()).isZero();
    }

    @Test
    void shouldTellOverlappingIntervalsFromOthers() {
        Estimate low = new Estimate(10, 2, 8, 12);

        assertThat(low.overlaps(new Estimate(13, 1, 12, 14))).isTrue();
        assertThat(low.overlaps(new Estimate(13, 0.9, 12, 14))).isFalse();
    }
}
