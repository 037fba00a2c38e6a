package io.faultline.lab;

import java.util.List;
import java.util.Map;

import io.faultline.machine.AccessReport;
import io.faultline.machine.FaultReport;
import io.faultline.machine.FlushReport;
import io.faultline.machine.IoReport;
import io.faultline.machine.LatencyBucket;
import io.faultline.machine.PageReport;
import io.faultline.machine.Percentiles;
import io.faultline.machine.Report;
import io.faultline.machine.SlowFault;
import io.faultline.machine.StageNanos;
import io.faultline.units.Counts;
import io.faultline.units.Durations;
import io.faultline.units.MemorySize;
import io.faultline.units.Rates;

/** A report as a person reads it at a glance, in 80 columns. */
final class ReportSummary {
    private static final int BAR_COLUMNS = 38;

    private static final int CHAOS_KINDS_A_LINE = 3;

    /** Beyond these a terminal's screen would scroll; the JSON report has all. */
    private static final int BROKEN_SHOWN = 10;

    private final StringBuilder text = new StringBuilder();
    private final Report report;
    private final boolean virtual;
    private final long elapsedNanos;

    private ReportSummary(Report report) {
        this.report = report;
        virtual = report.world().equals("virtual");
        elapsedNanos = virtual ? report.virtualNanos() : report.wallNanos();
    }

    /**
     * Writes it all.
     *
     * @param report of a run that is over
     * @param headline lines that say what was run
     */
    static String of(Report report, List<String> headline) {
        ReportSummary summary = new ReportSummary(report);
        headline.forEach(line -> summary.text.append(line).append('\n'));
        summary.text.append('\n');
        summary.accesses();
        summary.faults(report.faults());
        summary.pages(report.pages());
        summary.io(report.io());
        summary.flush(report.flush());
        summary.chaos(report.chaos());
        summary.verdict(report.brokenInvariants());
        return summary.text.toString();
    }

    private void accesses() {
        AccessReport accesses = report.accesses();
        line("Accesses", count(accesses.done()) + " in " + Durations.format(elapsedNanos)
                + (virtual ? " of virtual time" : ""),
                perSecond(Report.perSecond(accesses.done(), elapsedNanos)),
                "TLB hits " + percent(accesses.tlbHits(), accesses.tlbHits() + accesses.tlbMisses()));
        if (virtual) {
            line("", "simulated in " + Durations.format(report.wallNanos()), "trace hash " + report.traceHash());
        }
    }

    private void faults(FaultReport faults) {
        line("Faults", count(faults.raised()) + " raised", count(faults.resolved()) + " resolved",
                count(faults.failed()) + " failed", count(faults.lost()) + " lost");
        line("", perSecond(faults.perSecond()), "at most " + count(faults.concurrentPeak()) + " at once",
                compact(faults.coalesced()) + " coalesced", compact(faults.spurious()) + " spurious");
        line("", compact(faults.missing()) + " missing", compact(faults.minor()) + " minor",
                compact(faults.writeProtect()) + " write-protect", compact(faults.retried()) + " retried",
                compact(faults.poisoned()) + " poisoned");
        if (faults.latencyNanos().max() > 0) {
            latencies(faults);
        } else if (faults.resolved() > 0) {
            line("Latency", "0 ns throughout: only the source's latency and rate cost time so far");
        }
    }

    private void latencies(FaultReport faults) {
        percentiles("Latency", "", faults.latencyNanos());
        histogram(faults.latencyHistogram());
        stages(faults.stageNanos());
        if (!faults.slowest().isEmpty()) {
            slowest(faults.slowest().getFirst());
        }
    }

    private void histogram(List<LatencyBucket> bars) {
        long most = bars.stream().mapToLong(LatencyBucket::count).max().orElse(0);
        long all = bars.stream().mapToLong(LatencyBucket::count).sum();
        for (LatencyBucket bar : bars) {
            bar("", "\u2264 " + right(wholeDuration(bar.upToNanos()), 7), bar.count(), most, compact(bar.count()),
                    percent(bar.count(), all));
        }
    }

    /** A bar's bound is a whole number of some unit: 200 µs, not 200.0 µs. */
    private static String wholeDuration(long nanos) {
        if (nanos < 1_000) {
            return nanos + " ns";
        } else if (nanos < 1_000_000) {
            return nanos / 1_000 + " \u00b5s";
        } else if (nanos < 1_000_000_000) {
            return nanos / 1_000_000 + " ms";
        }
        return nanos / 1_000_000_000 + " s";
    }

    private void stages(StageNanos stages) {
        long total = stages.total();
        stage("Stages", "queue", stages.queue(), total);
        stage("", "handler", stages.handler(), total);
        stage("", "fetch", stages.fetch(), total);
        stage("", "install", stages.install(), total);
        stage("", "wake", stages.wake(), total);
    }

    private void stage(String label, String name, long nanos, long total) {
        bar(label, left(name, 9), nanos, total, Durations.format(nanos), percent(nanos, total));
    }

    private void slowest(SlowFault slow) {
        line("Slowest", Durations.format(slow.latencyNanos()) + " for page " + count(slow.page()) + " of memslot "
                + slow.memslot() + ", vCPU " + slow.vcpu() + ", " + slow.kind());
    }

    private void pages(PageReport pages) {
        line("Pages", count(pages.installed()) + " installed", count(pages.verified()) + " reads verified",
                count(pages.corrupt()) + " corrupt");
        if (pages.evicted() > 0 || pages.saveErrors() > 0) {
            line("", count(pages.evicted()) + " evicted", count(pages.saveErrors()) + " saves failed");
        }
    }

    private void io(IoReport io) {
        line("I/O", count(io.reads()) + " reads", MemorySize.format(io.bytes()),
                elapsedNanos == 0 ? "-" : Rates.formatBytesPerSecond((long) Report.perSecond(io.bytes(), elapsedNanos)),
                count(io.errors()) + " errors");
        line("", "in flight at most " + count(io.inFlightPeak()) + " of " + count(io.inFlightLimit()) + " pages");
    }

    private void flush(FlushReport flush) {
        line("Flushes", flush.policy() + ": " + count(flush.requests()) + " requests",
                compact(flush.batches()) + " batches", compact(flush.ipis()) + " IPIs",
                count(flush.violations()) + " violations");
        if (flush.requests() > 0) {
            line("", Counts.compact(flush.ipisPerPage()) + " IPIs a page", compact(flush.fullFlushes()) + " full",
                    "at most " + count(flush.quarantinePeakPages()) + " pages in quarantine");
            percentiles("", "stale ", flush.stalenessNanos());
            percentiles("", "stall ", flush.initiatorStallNanos());
            percentiles("", "stolen ", flush.victimStolenNanos());
        }
    }

    private void chaos(Map<String, Long> made) {
        List<String> kinds =
                made.entrySet().stream().map(kind -> kind.getKey() + " " + compact(kind.getValue())).toList();
        for (int first = 0; first < kinds.size(); first += CHAOS_KINDS_A_LINE) {
            line(first == 0 ? "Chaos" : "",
                    kinds.subList(first, Math.min(first + CHAOS_KINDS_A_LINE, kinds.size())).toArray(new String[0]));
        }
    }

    private void percentiles(String label, String what, Percentiles nanos) {
        line(label, what + "p50 " + Durations.format(nanos.p50()), "p99 " + Durations.format(nanos.p99()),
                "p99.9 " + Durations.format(nanos.p999()), "max " + Durations.format(nanos.max()));
    }

    private void verdict(List<String> broken) {
        text.append('\n');
        if (broken.isEmpty()) {
            text.append("\u2714 every invariant held: nothing lost, nothing corrupt, no flush violation\n");
            return;
        }
        text.append("\u2718 NOT every invariant held:\n");
        broken.stream().limit(BROKEN_SHOWN).forEach(line -> text.append("  ").append(line).append('\n'));
        if (broken.size() > BROKEN_SHOWN) {
            text.append("  and ").append(broken.size() - BROKEN_SHOWN).append(" more; --json has them all\n");
        }
    }

    private void bar(String label, String name, long part, long whole, String figure, String share) {
        line(label, name + " " + Bars.bar(part, whole, BAR_COLUMNS) + " " + right(figure, 9) + " " + right(share, 7));
    }

    private void line(String label, String... pieces) {
        text.append(left(label, 10)).append(String.join("   ", pieces).stripTrailing()).append('\n');
    }

    /** Without time there is no rate. */
    private String perSecond(double rate) {
        return elapsedNanos == 0 ? "- /s" : Rates.formatPerSecond(rate);
    }

    private static String left(String cell, int columns) {
        return cell + " ".repeat(Math.max(0, columns - cell.length()));
    }

    private static String right(String cell, int columns) {
        return " ".repeat(Math.max(0, columns - cell.length())) + cell;
    }

    private static String count(long count) {
        return Counts.format(count);
    }

    private static String compact(long count) {
        return Counts.compact((double) count);
    }

    private static String percent(long part, long whole) {
        return Counts.percent((double) part, (double) whole);
    }
}
