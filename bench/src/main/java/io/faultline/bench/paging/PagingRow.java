package io.faultline.bench.paging;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

import io.faultline.paging.PagingRate;
import io.faultline.paging.PagingResult;
import io.faultline.paging.PagingVariant;

/**
 * One row of the table: all variants with one number of vCPUs.
 *
 * @param vcpus how many
 * @param results what each variant gave
 */
record PagingRow(int vcpus, Map<PagingVariant, PagingResult> results) {
    /**
     * Runs a row, each point as often as the plan says.
     *
     * @throws IllegalStateException when two runs of one point differ
     */
    static PagingRow run(PagingRatePlan plan, int vcpus) {
        Map<PagingVariant, PagingResult> results = new EnumMap<>(PagingVariant.class);
        for (PagingVariant variant : PagingVariant.values()) {
            PagingRate point = new PagingRate(vcpus, plan.pages(), variant);
            PagingResult first = point.run(plan.profile(), plan.seed());
            for (int round = 1; round < plan.rounds(); round++) {
                PagingResult again = point.run(plan.profile(), plan.seed());
                if (!again.equals(first)) {
                    throw new IllegalStateException("round " + (round + 1) + " gave " + again + ", the first " + first
                            + ": in virtual time they must not differ");
                }
            }
            results.put(variant, first);
        }
        return new PagingRow(vcpus, results);
    }

    double pagesPerSecond(PagingVariant variant) {
        return Objects.requireNonNull(results.get(variant), variant::name).pagesPerSecond();
    }
}
