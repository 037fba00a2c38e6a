package io.faultline.lab.stress;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.faultline.lab.html.Block;
import io.faultline.lab.html.Block.Tile;
import io.faultline.lab.html.Column;
import io.faultline.lab.html.DataTable;
import io.faultline.lab.html.Page;
import io.faultline.lab.html.Section;
import io.faultline.lab.series.OverTime;
import io.faultline.lab.series.RunSeries;
import io.faultline.machine.FaultReport;
import io.faultline.machine.FlushReport;
import io.faultline.machine.Report;
import io.faultline.units.Counts;
import io.faultline.units.Durations;
import io.faultline.units.MemorySize;
import io.faultline.units.Rates;

/** Lays out the page of one stress run. */
public final class StressPage {
    /** More would hide the page below them; the JSON report has all. */
    private static final int BROKEN_SHOWN = 20;

    private final WhatWasRun run;
    private final Report report;
    private final boolean virtual;
    private final long elapsedNanos;

    private StressPage(WhatWasRun run, Report report) {
        this.run = run;
        this.report = report;
        virtual = report.world().equals("virtual");
        elapsedNanos = virtual ? report.virtualNanos() : report.wallNanos();
    }

    /**
     * Lays it out. In the world {@code virtual} the same run gives the same page, but for lines that speak of the wall.
     *
     * @param run what was run
     * @param report of it
     * @param series what was gathered while it ran
     */
    public static Page of(WhatWasRun run, Report report, RunSeries series) {
        StressPage page = new StressPage(run, report);
        OverTime over = series.overTime();
        return new Page(run.headline().getFirst(), String.join("; ", run.headline().subList(1, run.headline().size())),
                List.of(page.verdict(), page.tiles()),
                List.of(page.whatWasRun(),
                        new Section("How long faults took",
                                LatencyCharts.of(report.faults(), series.latencies(), over)),
                        new Section("What happened when", new TimeCharts(report, over).blocks()),
                        new Section("Every figure", FigureTables.of(report))),
                "Written by Faultline " + run.version() + ". Charts are drawn by Apache ECharts (Apache License 2.0)."
                        + " Everything is in this file; nothing is loaded from anywhere.");
    }

    private Block verdict() {
        List<String> broken = report.brokenInvariants();
        if (broken.isEmpty()) {
            return run.oracle()
                    ? new Block.Verdict(true,
                            "Every invariant held: nothing lost, nothing corrupt, no flush violation.", List.of())
                    : new Block.Verdict(true, "Every invariant held: nothing lost, nothing corrupt.", List.of(
                            "The safety oracle was off, so nobody looked for stale translations being used."));
        }
        List<String> shown = new ArrayList<>(broken.subList(0, Math.min(broken.size(), BROKEN_SHOWN)));
        if (broken.size() > BROKEN_SHOWN) {
            shown.add("and " + (broken.size() - BROKEN_SHOWN) + " more; --json has them all");
        }
        return new Block.Verdict(false, "NOT every invariant held.", shown);
    }

    private Block tiles() {
        FaultReport faults = report.faults();
        FlushReport flush = report.flush();
        String second = virtual ? " a virtual second" : " a second";
        List<Tile> tiles = new ArrayList<>();
        tiles.add(new Tile("Faults resolved", Counts.compact((double) faults.resolved()),
                elapsedNanos == 0 ? "in no time at all"
                        : Rates.formatPerSecond(faults.perSecond()).replace("/s", "") + second));
        tiles.add(new Tile("Latency, median", Durations.format(faults.latencyNanos().p50()),
                "99 % within " + Durations.format(faults.latencyNanos().p99())));
        tiles.add(new Tile("Slowest fault", Durations.format(faults.latencyNanos().max()),
                "99.9 % within " + Durations.format(faults.latencyNanos().p999())));
        tiles.add(new Tile("Halted at once", Counts.format(faults.concurrentPeak()),
                "at most, of " + Counts.format(report.vcpus()) + " vCPUs"));
        tiles.add(new Tile("Reads in flight", Counts.format(report.io().inFlightPeak()),
                "at most, of " + Counts.format(report.io().inFlightLimit()) + " allowed"));
        tiles.add(new Tile("Lost or corrupt",
                Counts.format(faults.lost()) + " / " + Counts.format(report.pages().corrupt()),
                Counts.compact((double) report.pages().verified()) + " reads verified"));
        tiles.add(new Tile("IPIs", Counts.compact((double) flush.ipis()),
                flush.requests() == 0 ? "no flush was asked for" : Counts.compact(flush.ipisPerPage()) + " a page"));
        return new Block.Tiles(tiles);
    }

    private Section whatWasRun() {
        List<List<String>> facts = new ArrayList<>();
        facts.add(List.of("World", virtual
                ? "virtual: one thread plays every actor in simulated time. The same seed gives the same run, nanosecond by"
                        + " nanosecond."
                : report.world()
                        + ": actors on the machine's own threads, in real time. Figures differ from run to run."));
        facts.add(List.of("Seed", String.valueOf(report.seed())));
        if (report.traceHash() != null) {
            facts.add(List.of("Trace hash", report.traceHash() + ", of everything that happened, in order"));
        }
        facts.add(List.of("Machine", Counts.format(report.vcpus()) + " vCPUs, " + Counts.format(report.memslots())
                + " memslots, " + MemorySize.format(report.memoryBytes())));
        if (virtual) {
            facts.add(List.of("Virtual time", Durations.format(report.virtualNanos())));
        }
        facts.add(List.of("Time on the wall", Durations.format(report.wallNanos())));
        facts.add(List.of("Versions", "Faultline " + run.version() + ", Java " + Runtime.version()));
        return new Section("What was run", List.of(
                new Block.Command("This runs it again:", run.again()),
                new Block.Tabled(new DataTable("What was run", List.of(Column.words(""), Column.words("")), facts)),
                new Block.Folded("All options, defaults filled in", List.of(new Block.Tabled(options())))));
    }

    private DataTable options() {
        List<List<String>> rows = new ArrayList<>();
        for (Map.Entry<String, ?> option : run.options().entrySet()) {
            rows.add(List.of("--" + option.getKey(), String.valueOf(option.getValue())));
        }
        return new DataTable("All options", List.of(Column.words("Option"), Column.words("Value")), rows);
    }
}
