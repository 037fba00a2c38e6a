package io.faultline.bench.paging;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

import io.faultline.paging.PagingVariant;
import io.faultline.units.Counts;

/** The rows as people read them. */
final class PagingTable {
    private PagingTable() {}

    static String of(PagingRatePlan plan, List<PagingRow> rows) {
        StringBuilder text = new StringBuilder();
        text.append(String.format(Locale.ROOT,
                "paging-rate: %s pages a vCPU, costs of %s, pages per virtual second beside those published%n%n",
                Counts.format(plan.pages()), plan.profile().name()));
        append(text, "vCPUs", "one uffd", "published", "one each", "published", "exits", "published");
        for (PagingRow row : rows) {
            append(text, row.vcpus(),
                    simulated(row, PagingVariant.ONE_USERFAULTFD), published(row, PagingVariant.ONE_USERFAULTFD),
                    simulated(row, PagingVariant.USERFAULTFD_PER_VCPU),
                    published(row, PagingVariant.USERFAULTFD_PER_VCPU),
                    simulated(row, PagingVariant.EXITS), published(row, PagingVariant.EXITS));
        }
        return text.toString();
    }

    private static void append(StringBuilder text, Object... columns) {
        text.append(String.format(Locale.ROOT, "%6s  %14s %9s  %14s %9s  %14s %9s%n", columns));
    }

    private static String simulated(PagingRow row, PagingVariant variant) {
        return Counts.compact(row.pagesPerSecond(variant)) + "/s";
    }

    private static String published(PagingRow row, PagingVariant variant) {
        OptionalDouble rate = PublishedRates.pagesPerSecond(variant, row.vcpus());
        return rate.isPresent() ? Counts.compact(rate.getAsDouble()) + "/s" : "-";
    }
}
