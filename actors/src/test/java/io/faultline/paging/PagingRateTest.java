package io.faultline.paging;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.faultline.cost.Cost;
import io.faultline.cost.CostProfile;
import io.faultline.cost.CostProfiles;
import io.faultline.cost.Operation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PagingRateTest {
    private static final CostProfile HOST = CostProfiles.of("bare-256c");
    private static final long SEED = 1;
    private static final int PAGES = 64;

    private static final Map<PagingRate, Double> KNOWN = new ConcurrentHashMap<>();

    private static double rate(PagingVariant variant, int vcpus) {
        return KNOWN.computeIfAbsent(new PagingRate(vcpus, PAGES, variant), point -> point.run(HOST, SEED)
                .pagesPerSecond());
    }

    /** The eight points of the cover letter, thousand pages a second, with one set of costs. */
    @ParameterizedTest
    @CsvSource({"ONE_USERFAULTFD, 1, 150", "ONE_USERFAULTFD, 4, 210", "ONE_USERFAULTFD, 16, 130",
        "ONE_USERFAULTFD, 64, 86", "EXITS, 1, 340", "EXITS, 4, 809", "EXITS, 16, 1595", "EXITS, 64, 3482"})
    void shouldMeetThePublishedRatesWithinAFactorOfOneAndAHalf(PagingVariant variant, int vcpus, double published) {
        assertThat(rate(variant, vcpus) / 1e3).isBetween(published / 1.5, published * 1.5);
    }

    @Test
    void shouldPeakAtAFewVcpusWithOneUserfaultfd() {
        List<Double> rates = List.of(1, 2, 4, 8, 16, 32, 64, 128, 256)
                .stream()
                .map(vcpus -> rate(PagingVariant.ONE_USERFAULTFD, vcpus))
                .toList();

        double peak = rates.stream().mapToDouble(rate -> rate).max().orElseThrow();
        assertThat(rates.indexOf(peak)).as("index of the peak in %s", rates).isBetween(1, 3);
        assertThat(rates.subList(rates.indexOf(peak), rates.size())).as("behind the peak")
                .isSortedAccordingTo((one, other) -> Double.compare(other, one));
        assertThat(rates.getLast()).isLessThan(peak / 3);
    }

    @Test
    void shouldKeepScalingWithExits() {
        double at64 = rate(PagingVariant.EXITS, 64);
        double at128 = rate(PagingVariant.EXITS, 128);
        double at256 = rate(PagingVariant.EXITS, 256);

        assertThat(at128).isGreaterThan(1.1 * at64);
        assertThat(at256).isGreaterThan(1.1 * at128);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 8, 16, 32, 64, 128, 256})
    void shouldLevelOffWithAUserfaultfdEach(int vcpus) {
        assertThat(rate(PagingVariant.USERFAULTFD_PER_VCPU, vcpus) / 1e3).isBetween(170.0, 450.0);
    }

    /** Contention is not typed in: when waiters cost nothing to look at, one userfaultfd does not fall any more. */
    @Test
    void shouldFallBecauseEachWakeLooksAtEveryWaiter() {
        CostProfile withoutScan = HOST.with(Operation.WAKE_SCAN, cost(0));

        double at16 = new PagingRate(16, PAGES, PagingVariant.ONE_USERFAULTFD).run(withoutScan, SEED).pagesPerSecond();
        double at256 = new PagingRate(256, PAGES, PagingVariant.ONE_USERFAULTFD).run(withoutScan, SEED)
                .pagesPerSecond();

        assertThat(at256).isGreaterThan(0.95 * at16);
        assertThat(rate(PagingVariant.ONE_USERFAULTFD, 256)).isLessThan(0.4 * at256);
    }

    /** Alone nobody waits: an exit's rate is the sum of its costs. */
    @Test
    void shouldTakeTheSumOfItsCostsWhenAlone() {
        PagingResult result = new PagingRate(1, 1, PagingVariant.EXITS).run(HOST, SEED);

        long first = HOST.nanos(Operation.FAULT_EXIT) + HOST.nanos(Operation.EXIT_USER)
                + HOST.nanos(Operation.CONTINUE_CALL) + HOST.nanos(Operation.CONTINUE_PAGE)
                + 2 * HOST.nanos(Operation.LINE_FAR) + 3 * HOST.nanos(Operation.LINE_LOCAL);
        assertThat(result.virtualNanos()).isEqualTo(first);
    }

    @ParameterizedTest
    @EnumSource(PagingVariant.class)
    void shouldGiveTheSameTwice(PagingVariant variant) {
        PagingRate point = new PagingRate(8, PAGES, variant);

        assertThat(point.run(HOST, SEED)).isEqualTo(point.run(HOST, SEED));
        assertThat(point.run(HOST, SEED + 1).traceHash()).isNotEqualTo(point.run(HOST, SEED).traceHash());
    }

    private static Cost cost(long nanos) {
        return new Cost(nanos, 0, "the test", Set.of());
    }
}
