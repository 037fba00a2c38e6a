package io.faultline.lab.stress;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.faultline.lab.html.Axis;
import io.faultline.lab.html.Block;
import io.faultline.lab.html.Mark;
import io.faultline.lab.html.Measure;
import io.faultline.lab.html.Series;
import io.faultline.lab.html.XyChart;
import io.faultline.lab.series.OverTime;
import io.faultline.lab.series.Peak;
import io.faultline.lab.series.Signal;
import io.faultline.machine.Report;
import io.faultline.units.Durations;

/** What happened when. */
final class TimeCharts {
    private final Report report;
    private final OverTime over;
    private final double[] nanos;
    private final Axis time;
    private final String second;

    TimeCharts(Report report, OverTime over) {
        this.report = report;
        this.over = over;
        nanos = over.nanos();
        boolean virtual = report.world().equals("virtual");
        time = Axis.linear(virtual ? "Virtual time" : "Time", Measure.NANOS).within(0, (double) over.endNanos());
        second = virtual ? " a virtual second" : " a second";
    }

    List<Block> blocks() {
        if (!over.hasTime()) {
            return List.of(
                    new Block.Prose("No time passed, so there is nothing to see over time: in virtual time only what"
                            + " is given a cost takes any. --profile gives costs to operations, --source-latency and --source-rate"
                            + " to the page source."));
        }
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Block.Prose("Each point stands for " + Durations.format(over.widthNanos())
                + " of the run. Levels are exact means over that time, not samples."));
        blocks.add(new Block.Drawn(faults()));
        blocks.add(new Block.Drawn(states()));
        if (over.total(Signal.READS_BEGUN) > 0) {
            blocks.add(new Block.Drawn(reads()));
        }
        if (over.total(Signal.FLUSH_REQUESTS) > 0) {
            blocks.add(new Block.Drawn(interrupts()));
        } else {
            blocks.add(new Block.Prose("No IPIs over time: nothing was taken back from a mapping, so no TLB had to be"
                    + " flushed. Evictions (--evict-above, once that much is resident) and --resolve move do so."));
        }
        return blocks;
    }

    private XyChart faults() {
        List<Series> series = new ArrayList<>();
        series.add(Series.line("raised", nanos, over.perSecond(Signal.FAULTS_RAISED)));
        series.add(Series.line("resolved", nanos, over.perSecond(Signal.FAULTS_RESOLVED)));
        if (over.total(Signal.FAULTS_FAILED) > 0) {
            series.add(Series.line("failed", nanos, over.perSecond(Signal.FAULTS_FAILED)));
        }
        return new XyChart("Faults over time",
                "How many faults were raised and resolved. Where the lines part, vCPUs are"
                        + " piling up halted, or being let go.",
                time, Axis.linear("Faults" + second, Measure.PER_SECOND), series);
    }

    private XyChart states() {
        double[] busy = over.meanLevel(Signal.VCPUS_BEGAN, Signal.VCPUS_IDLE);
        double[] halted =
                over.meanLevel(Signal.FAULTS_RAISED, Signal.FAULTS_RESOLVED, Signal.FAULTS_FAILED);
        double[] running = new double[busy.length];
        Arrays.setAll(running, bucket -> Math.max(0, busy[bucket] - halted[bucket]));
        double[] idle = new double[busy.length];
        Arrays.setAll(idle, bucket -> Math.max(0, report.vcpus() - running[bucket] - halted[bucket]));
        return new XyChart("States of the vCPUs",
                "What the vCPUs were doing, on average: halted on a fault, running (or ready"
                        + " to), or idle with no access to make yet or any more.",
                time, Axis.linear("vCPUs", Measure.COUNT).within(0, report.vcpus()),
                List.of(Series.stacked("halted on a fault", nanos, halted), Series.stacked("running", nanos, running),
                        Series.stacked("idle or finished", nanos, idle).inGrey()));
    }

    private XyChart reads() {
        long limit = report.io().inFlightLimit();
        double[] mean = over.meanLevel(Signal.READS_BEGUN, Signal.READS_ENDED);
        double[] highest = over.highest(Peak.READS_IN_FLIGHT);
        // Where no read began none was told of, though some were in flight from before.
        Arrays.setAll(highest, bucket -> Double.isNaN(highest[bucket]) ? mean[bucket] : highest[bucket]);
        return new XyChart("Reads in flight",
                "Pages being read from the source at once, over all fetchers. It must never"
                        + " exceed the limit; a level near it means that the source, not the handling, sets the pace.",
                time, Axis.linear("Pages", Measure.COUNT),
                List.of(Series.line("mean", nanos, mean),
                        Series.line("highest", nanos, highest)),
                List.of(Mark.level("limit", (double) limit)));
    }

    private XyChart interrupts() {
        return new XyChart("IPIs over time",
                "Interrupts sent for TLB flushes, and the flush requests they serve. The further"
                        + " apart, the more CPUs each request interrupts; the nearer, the more requests share their interrupts.",
                time, Axis.linear("IPIs and requests" + second, Measure.PER_SECOND),
                List.of(Series.line("IPIs", nanos, over.perSecond(Signal.IPIS_SENT)),
                        Series.line("flush requests", nanos, over.perSecond(Signal.FLUSH_REQUESTS))));
    }
}
