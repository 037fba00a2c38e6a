package io.faultline.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import org.junit.jupiter.api.Test;

class ChaosCountsTest {
    @Test
    void shouldSumEachKindThatWasMadeInTheKindsOrder() {
        ChaosCounts counts = new ChaosCounts();
        counts.count(ChaosKind.MEMSLOT_CRASH);
        counts.count(ChaosKind.FETCH_ERROR);
        counts.count(ChaosKind.MEMSLOT_CRASH);

        assertThat(counts.sums()).containsExactly(entry("fetch-error", 1L), entry("memslot-crash", 2L));
    }

    @Test
    void shouldHaveNothingToTellWhenNothingWasMade() {
        assertThat(new ChaosCounts().sums()).isEmpty();
    }
}
