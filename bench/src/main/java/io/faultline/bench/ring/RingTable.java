package io.faultline.bench.ring;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

import io.faultline.bench.measure.Spread;
import io.faultline.units.Counts;
import io.faultline.units.Durations;

/** The results as people read them. */
final class RingTable {
    private RingTable() {}

    static String of(FaultRingPlan plan, RingResults results) {
        StringBuilder text = new StringBuilder();
        FaultRingOptions options = plan.options();
        text.append(String.format(Locale.ROOT,
                "fault-ring: %s vCPUs, %s first accesses a run (reads, each verified), contents %s, in-flight %s%n",
                Counts.format(options.vcpus), Counts.format(options.accesses), options.contents,
                Counts.format(options.inFlight)));
        text.append(String.format(Locale.ROOT,
                "rounds %d, every contender in a JVM of its own, warm-up %s, measured %s%n", results.rounds(),
                options.warmUp, options.measure));
        for (int sharing : results.modes()) {
            appendMode(text, results, sharing);
        }
        appendScales(text, results.scales());
        return text.toString();
    }

    private static void appendMode(StringBuilder text, RingResults results, int sharing) {
        text.append(String.format(Locale.ROOT, "%n%s%n",
                sharing == 1 ? "private pages" : sharing + " vCPUs share each page"));
        appendRow(text, "", "faults/s", "least", "most", "accesses/s", "CPU each", "halted", "waited", "Faultline is");
        Optional<RingResult> ours = results.inMode(sharing, RingContender.OURS);
        for (RingResult result : results.inMode(sharing)) {
            boolean isOurs = result.entry().contender() == RingContender.OURS;
            String comparison = isOurs
                    ? ""
                    : ours.map(own -> String.format(Locale.ROOT, "%.2f times as fast", own.ratioTo(result))).orElse("");
            append(text, result.entry().contender().title(), result, comparison);
        }
    }

    private static void appendScales(StringBuilder text, List<RingResult> scales) {
        if (scales.isEmpty()) {
            return;
        }
        text.append(String.format(Locale.ROOT, "%nFaultline, private pages%n"));
        appendRow(text, "", "faults/s", "least", "most", "accesses/s", "CPU each", "halted", "waited", "");
        for (RingResult result : scales) {
            append(text, Counts.format(result.entry().shape().vcpus()) + " vCPUs", result, "");
        }
    }

    private static void append(StringBuilder text, String name, RingResult result, String comparison) {
        Spread spread = result.perSecond();
        boolean hasPages = !result.entry().contender().isBare();
        appendRow(text, name, Counts.compact(spread.median()), Counts.compact(spread.min()),
                Counts.compact(spread.max()), hasPages ? Counts.compact(result.accessesPerSecond()) : "-",
                Durations.format(Math.round(result.cpuNanosPerFault())),
                hasPages ? Counts.format(Math.round(result.haltedMean())) : "-",
                hasPages ? Counts.percent(result.faultedShare(), 1) : "-", comparison);
    }

    /** CPU each: processor time of a fault, building the machine included. Halted: vCPUs waiting at once, on average. Waited: the part of the first accesses that did. */
    private static void appendRow(StringBuilder text, Object... columns) {
        text.append(String.format(Locale.ROOT, "  %-30s %8s %8s %8s %10s %9s %8s %8s  %s", columns).stripTrailing())
                .append(System.lineSeparator());
    }
}
