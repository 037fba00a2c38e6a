package io.faultline.bench.shootdown;

import java.util.Locale;

import io.faultline.units.Counts;

/** The figures as people read them. */
final class MunmapTable {
    private MunmapTable() {}

    static String of(MunmapPlan plan, MunmapCosts costs) {
        StringBuilder text = new StringBuilder();
        text.append(String.format(Locale.ROOT,
                "munmap: of one page that all cores have touched, costs of %s, microseconds a call%n%n",
                plan.profile().name()));
        row(text, "cores", "strict", "concurrent", "latr", "latr gains", "published", "stale");
        for (MunmapCosts.Row row : costs.rows()) {
            row(text, row.cores(), Numbers.micros(row.strict().callNanosMean()),
                    Numbers.micros(row.concurrent().callNanosMean()), Numbers.micros(row.latr().callNanosMean()),
                    percent(row.gain()), isPublished(plan, row) ? percent(MunmapCosts.PUBLISHED_GAIN) : "-",
                    Numbers.micros((double) row.latr().flush().stalenessNanos().p50()));
        }
        text.append(String.format(Locale.ROOT,
                "%nmadvise(MADV_DONTNEED) of one page by each of %d threads, costs of %s, loops a second%n%n",
                plan.loopCores(), plan.loopProfile().name()));
        loop(text, "flushed by", "model", "published", "LRU wait", "stolen");
        for (MunmapCosts.Loop loop : costs.loops()) {
            var result = loop.result();
            loop(text, loop.name(), Counts.compact(result.callsPerSecond()) + "/s",
                    plan.loopCores() == MunmapPlan.PUBLISHED_LOOP_CORES ? Counts.compact(loop.published()) + "/s" : "-",
                    Numbers.micros((double) result.lruLockWaitedNanos() / result.calls()),
                    percent((double) result.stolenNanos() / plan.loopCores() / result.virtualNanos()));
        }
        return text.toString();
    }

    static boolean isPublished(MunmapPlan plan, MunmapCosts.Row row) {
        return row.cores() == MunmapCosts.PUBLISHED_CORES
                && plan.profile().name().equals(MunmapCosts.PUBLISHED_PROFILE);
    }

    private static String percent(double part) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * part);
    }

    private static void row(StringBuilder text, Object... columns) {
        text.append(String.format(Locale.ROOT, "%6s  %8s  %10s  %8s  %10s %9s  %8s%n", columns));
    }

    private static void loop(StringBuilder text, Object... columns) {
        text.append(String.format(Locale.ROOT, "%-24s  %10s %10s  %9s  %8s%n", columns));
    }
}
