package io.faultline.bench.shootdown;

import java.util.Locale;
import java.util.OptionalInt;

/** The figures as people read them. */
final class RemapCostTable {
    private RemapCostTable() {}

    static String of(RemapCostPlan plan, RemapCosts costs) {
        StringBuilder text = new StringBuilder();
        text.append(String.format(Locale.ROOT,
                "remap-cost: costs of %s, %d CPUs, microseconds a call%n%n", plan.profile().name(), plan.cpus()));
        boolean compared = plan.isMeasuredMachine();
        row(text, "call", "pages", "alone", "measured", "off", "beside", "measured", "off", "stolen");
        for (RemapCosts.Point point : costs.points()) {
            MeasuredPoint measured = point.measured();
            row(text, measured.name(), measured.pages(), Numbers.micros(point.aloneNanos()),
                    compared ? Numbers.micros(measured.aloneNanos()) : "-",
                    compared ? Numbers.off(point.aloneNanos(), measured.aloneNanos()) : "-",
                    Numbers.micros(point.besideNanos()), compared ? Numbers.micros(measured.besideNanos()) : "-",
                    compared ? Numbers.off(point.besideNanos(), measured.besideNanos()) : "-",
                    Numbers.micros(point.stolenNanos()));
        }
        text.append(
                String.format(Locale.ROOT, "%nMOVE beats COPY %s%n%n", from(costs.moveBeatsCopyFromPages(), "pages")));
        text.append(String.format(Locale.ROOT, "deferred ring of single-page MOVEs%n%6s  %8s  %8s  %8s  %12s%n", "K",
                "a MOVE", "formula", "off", "interrupts"));
        for (RemapCosts.Ring ring : costs.rings()) {
            text.append(String.format(Locale.ROOT, "%6d  %8s  %8s  %8s  %12.4f%n", ring.size(),
                    Numbers.micros(ring.moveNanos()), Numbers.micros(ring.formulaNanos()),
                    Numbers.off(ring.moveNanos(), ring.formulaNanos()), ring.ipisPerMove()));
        }
        text.append(String.format(Locale.ROOT, "%nthe ring beats COPY of one page %s%n",
                from(costs.ringBeatsCopyFrom(), "ranges")));
        return text.toString();
    }

    private static String from(OptionalInt least, String unit) {
        return least.isPresent() ? "from " + least.getAsInt() + " " + unit + " on" : "at no size up to 64 " + unit;
    }

    private static void row(StringBuilder text, Object... columns) {
        text.append(String.format(Locale.ROOT, "%-12s  %5s  %7s %9s %8s  %7s %9s %8s  %7s%n", columns));
    }
}
