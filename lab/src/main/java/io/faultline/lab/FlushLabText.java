package io.faultline.lab;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

import io.faultline.lab.sweep.Estimate;
import io.faultline.lab.sweep.Metric;
import io.faultline.lab.sweep.PolicyFigures;
import io.faultline.lab.sweep.SceneFigures;
import io.faultline.lab.sweep.Skipped;
import io.faultline.lab.sweep.SweepPlan;
import io.faultline.lab.sweep.SweepResult;
import io.faultline.lab.sweep.SweepRun;
import io.faultline.lab.sweep.Winner;
import io.faultline.units.Counts;
import io.faultline.units.Durations;
import io.faultline.units.MemorySize;

/** What {@code flush-lab} tells people: a table for each scene, and who is best at what in it. */
final class FlushLabText {
    private static final int SHOWN_MOST = 10;
    private static final int ALIKE_MOST = 3;

    private final PrintStream out;

    FlushLabText(PrintStream out) {
        this.out = out;
    }

    void print(SweepResult sweep) {
        SweepPlan plan = sweep.plan();
        int width = sweep.scenes()
                .stream()
                .flatMap(scene -> scene.policies().stream())
                .mapToInt(policy -> policy.policy().length())
                .max()
                .orElse(6);
        out.println("flush-lab: " + sweep.runs().size() + " runs in virtual time, seeds " + plan.firstSeed() + " to "
                + (plan.firstSeed() + plan.seeds() - 1) + ", safety oracle " + (plan.oracle() ? "on" : "off")
                + "; * none beats it on IPIs a page, worst staleness and p99 stall together");
        sweep.scenes().forEach(scene -> scene(scene, Math.max(6, width)));
        skipped(sweep.skipped());
        verdict(sweep);
    }

    private void scene(SceneFigures figures, int width) {
        out.println();
        out.println(figures.scene());
        out.println("  " + left("policy", width) + heads("IPIs/page", "\u00b1", "stall p50", "p99", "p99.9",
                "stale max", "stolen/CPU", "gap max", "held back", "spared", "pages/s"));
        for (PolicyFigures policy : figures.policies()) {
            String mark = !policy.isSafe() ? "! " : figures.pareto().contains(policy) ? "* " : "  ";
            out.println(mark + left(policy.policy(), width)
                    + (policy.estimates().isEmpty() ? "  broke off" : cells(policy)));
        }
        figures.winners().forEach(this::winner);
    }

    private static String heads(String... heads) {
        StringBuilder row = new StringBuilder();
        for (String head : heads) {
            row.append(right(head));
        }
        return row.toString();
    }

    private static String cells(PolicyFigures policy) {
        Estimate ipis = policy.estimate(Metric.IPIS_PER_PAGE);
        return right(number(ipis.mean()))
                + right(Double.isNaN(ipis.halfWidth()) ? "-" : number(ipis.halfWidth()))
                + time(policy, Metric.STALL_P50) + time(policy, Metric.STALL_P99) + time(policy, Metric.STALL_P999)
                + right(Durations.format((long) policy.estimate(Metric.STALENESS_MAX).most()))
                + time(policy, Metric.STOLEN_PER_CPU) + time(policy, Metric.GAP_MAX)
                + right(MemorySize.format((long) policy.estimate(Metric.QUARANTINE_BYTES).mean()))
                + right(Counts.percent(policy.estimate(Metric.SPARED_SHARE).mean(), 1))
                + right(Counts.compact(policy.estimate(Metric.PAGES_PER_SECOND).mean()));
    }

    private static String time(PolicyFigures policy, Metric metric) {
        return right(Durations.format((long) policy.estimate(metric).mean()));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value == 0 || value >= 0.01 ? "%.2f" : "%.0e", value);
    }

    private void winner(Winner winner) {
        out.println("    " + left(winner.goal().words(), 25) + names(winner.policies(), " = ")
                + (winner.contenders().isEmpty() ? ""
                        : "   (perhaps " + names(winner.contenders(), ", ") + ")"));
    }

    private static String names(List<String> names, String between) {
        String shown = String.join(between, names.subList(0, Math.min(ALIKE_MOST, names.size())));
        return names.size() > ALIKE_MOST ? shown + " and " + (names.size() - ALIKE_MOST) + " more" : shown;
    }

    private void skipped(List<Skipped> skipped) {
        if (skipped.isEmpty()) {
            return;
        }
        out.println();
        out.println(skipped.size() + (skipped.size() == 1 ? " combination was" : " combinations were") + " skipped:");
        skipped.stream()
                .limit(SHOWN_MOST)
                .forEach(each -> out.println("  " + each.policy() + ", " + each.scene() + ": " + each.reason()));
        more(skipped.size());
    }

    private void more(int size) {
        if (size > SHOWN_MOST) {
            out.println("  and " + (size - SHOWN_MOST) + " more; --json has them all");
        }
    }

    private void verdict(SweepResult sweep) {
        out.println();
        List<SweepRun> unsafe = sweep.unsafe();
        if (unsafe.isEmpty()) {
            out.println(sweep.plan().oracle() ? "\u2714 every policy kept its contract in every run"
                    : "the safety oracle was off: nobody knows whether the policies kept their contracts");
            return;
        }
        out.println("\u2718 UNSAFE (marked !): in " + unsafe.size() + " of " + sweep.runs().size()
                + " runs a policy did not keep its contract:");
        unsafe.stream()
                .limit(SHOWN_MOST)
                .forEach(run -> out.println(
                        "  " + run.complaint() + "\n    again with ./faultline " + run.point().command()));
        more(unsafe.size());
    }

    private static String left(String cell, int columns) {
        return cell + " ".repeat(Math.max(0, columns - cell.length()));
    }

    private static String right(String cell) {
        return " ".repeat(Math.max(1, 11 - cell.length())) + cell;
    }
}
