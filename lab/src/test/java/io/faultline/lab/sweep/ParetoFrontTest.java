package io.faultline.lab.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ParetoFrontTest {
    @Test
    void shouldKeepThoseThatNoneBeats() {
        List<PolicyFigures> all = List.of(policy("strict", 7, 5, 5, null), policy("worse", 7, 5, 6, null),
                policy("ring", 1, 200, 1, null), policy("alike", 7, 5, 5, null), policy("fresh", 8, 4, 9, null));

        assertThat(ParetoFront.of(all)).extracting(PolicyFigures::policy)
                .containsExactly("strict", "ring", "alike", "fresh");
    }

    @Test
    void shouldNeitherKeepNorHeedAnUnsafePolicy() {
        List<PolicyFigures> all = List.of(policy("never", 0, 0, 0, "O1"), policy("strict", 7, 5, 5, null));

        assertThat(ParetoFront.of(all)).extracting(PolicyFigures::policy).containsExactly("strict");
        assertThat(SceneFigures.of(new Scene("p", 2, 1, "w"), all).winners())
                .allSatisfy(winner -> assertThat(winner.policies()).containsExactly("strict"));
    }

    /** One seed in which it was stale is one too many. */
    @Test
    void shouldJudgeStalenessByItsWorstSeed() {
        PolicyFigures wild = policy("wild", 7, 4, 5, null);
        wild.estimates().put(Metric.STALENESS_MAX, new Estimate(4, 3, 1, 9));

        assertThat(ParetoFront.of(List.of(policy("strict", 7, 5, 5, null), wild)))
                .extracting(PolicyFigures::policy)
                .containsExactly("strict");
    }

    @Test
    void shouldNameTheWinnersAndThoseWhoMightBe() {
        PolicyFigures close = policy("close", 7.5, 5, 5, null);
        close.estimates().put(Metric.IPIS_PER_PAGE, new Estimate(7.5, 1, 6, 8));
        Winner winner = Winner.of(Goal.FEWEST_IPIS,
                List.of(close, policy("strict", 7, 5, 5, null), policy("far", 9, 5, 5, null),
                        policy("alike", 7, 5, 5, null)));

        assertThat(winner.policies()).containsExactly("strict", "alike");
        assertThat(winner.contenders()).containsExactly("close");
    }

    private static PolicyFigures policy(String name, double ipis, double stale, double stall,
            @Nullable String complaint) {
        Map<Metric, Estimate> estimates = new EnumMap<>(Metric.class);
        for (Metric metric : Metric.values()) {
            estimates.put(metric, Estimate.of(new double[]{1}));
        }
        estimates.put(Metric.IPIS_PER_PAGE, Estimate.of(new double[]{ipis}));
        estimates.put(Metric.STALENESS_MAX, Estimate.of(new double[]{stale}));
        estimates.put(Metric.STALL_P99, Estimate.of(new double[]{stall}));
        return new PolicyFigures(name, List.of(), estimates, complaint);
    }
}
