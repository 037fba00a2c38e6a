package io.faultline.lab.stress;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

import io.faultline.lab.html.Axis;
import io.faultline.lab.html.BarChart;
import io.faultline.lab.html.BarChart.Bars;
import io.faultline.lab.html.Block;
import io.faultline.lab.html.Column;
import io.faultline.lab.html.DataTable;
import io.faultline.lab.html.Mark;
import io.faultline.lab.html.Measure;
import io.faultline.lab.html.Series;
import io.faultline.lab.html.XyChart;
import io.faultline.lab.series.OverTime;
import io.faultline.lab.series.Peak;
import io.faultline.lab.series.Signal;
import io.faultline.machine.FaultReport;
import io.faultline.machine.Percentiles;
import io.faultline.machine.SlowFault;
import io.faultline.machine.StageNanos;
import io.faultline.units.Counts;
import io.faultline.units.Durations;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/** How long faults took, in which stage, and which took longest. */
final class LatencyCharts {
    /** About so many bars, each as wide as the others on a logarithmic axis. */
    private static final double BARS = 40;
    private static final int BARS_PER_DECADE_LEAST = 10;
    /** More would be finer than latencies are kept. */
    private static final int BARS_PER_DECADE_MOST = 50;

    /** A stage of a fault. */
    private record Stage(String name, String meaning, ToLongFunction<StageNanos> nanos) {}

    private static final List<Stage> STAGES = List.of(
            new Stage("queue", "until the memslot forwards it", StageNanos::queue),
            new Stage("handler", "until the handler has decided", StageNanos::handler),
            new Stage("fetch", "until the bytes are there", StageNanos::fetch),
            new Stage("install", "until the page is in the tables", StageNanos::install),
            new Stage("wake", "until the vCPU runs", StageNanos::wake));

    private LatencyCharts() {}

    static List<Block> of(FaultReport faults, Histogram latencies, OverTime over) {
        if (faults.resolved() == 0) {
            return List.of(new Block.Prose("No fault was resolved."));
        }
        if (faults.latencyNanos().max() == 0) {
            return List.of(new Block.Prose("Every fault was resolved in the instant it was raised: in virtual time only"
                    + " what is given a cost takes any. --profile gives costs to operations, --source-latency and"
                    + " --source-rate to the page source."));
        }
        List<Block> blocks = new ArrayList<>();
        if (latencies.getTotalCount() > 0) {
            blocks.add(new Block.Drawn(histogram(latencies, faults.latencyNanos())));
        }
        if (over.hasTime()) {
            blocks.add(new Block.Drawn(overTime(over)));
        }
        blocks.add(new Block.Drawn(stages(faults.stageNanos())));
        if (!faults.slowest().isEmpty()) {
            blocks.add(new Block.Drawn(slowestStages(faults.slowest())));
            blocks.add(new Block.Prose("The slowest faults, each with the time it spent in each stage:"));
            blocks.add(new Block.Tabled(slowest(faults.slowest())));
        }
        return blocks;
    }

    private static XyChart histogram(Histogram latencies, Percentiles of) {
        double decades = Math.log10((double) latencies.getMaxValue() / Math.max(1, latencies.getMinValue()));
        int perDecade = (int) Math.clamp(BARS / decades, BARS_PER_DECADE_LEAST, BARS_PER_DECADE_MOST);
        int first = bar(latencies.getMinValue(), perDecade);
        int last = bar(latencies.getMaxValue(), perDecade);
        double[] edges = new double[last - first + 2];
        for (int edge = 0; edge < edges.length; edge++) {
            edges[edge] = Math.pow(10, (double) (first + edge) / perDecade);
        }
        double[] counts = new double[edges.length];
        for (HistogramIterationValue recorded : latencies.recordedValues()) {
            counts[bar(recorded.getValueIteratedTo(), perDecade) - first] +=
                    recorded.getCountAddedInThisIterationStep();
        }
        return new XyChart("Latency of a fault",
                "How many faults took how long, from the halt until the vCPU runs again."
                        + " The axis is logarithmic: to the right of p99 is the slowest hundredth.",
                Axis.log("Latency", Measure.NANOS).within(edges[0], edges[edges.length - 1]),
                Axis.linear("Faults", Measure.COUNT), List.of(Series.step("Faults", edges, counts)),
                List.of(Mark.at("p50", (double) of.p50()), Mark.at("p99", (double) of.p99()),
                        Mark.at("p99.9", (double) of.p999()),
                        Mark.at("max", (double) of.max())));
    }

    /** The bar a latency falls into; what took no time at all is with what took a nanosecond. */
    private static int bar(long nanos, int perDecade) {
        return (int) Math.floor(Math.log10((double) Math.max(1, nanos)) * perDecade);
    }

    private static XyChart overTime(OverTime over) {
        double[] nanos = over.nanos();
        return new XyChart("Latency over time",
                "How long the faults had taken that were resolved then: on average, and the"
                        + " slowest. The axis is logarithmic.",
                Axis.linear("Time since the run began", Measure.NANOS).within(0, (double) over.endNanos()),
                Axis.log("Latency", Measure.NANOS),
                List.of(Series.line("mean", nanos, over.ratio(Signal.LATENCY_NANOS, Signal.FAULTS_RESOLVED)),
                        Series.line("slowest", nanos, over.highest(Peak.LATENCY_NANOS))));
    }

    private static BarChart stages(StageNanos mean) {
        List<String> rows = STAGES.stream().map(Stage::name).toList();
        double[] nanos = STAGES.stream().mapToDouble(stage -> stage.nanos().applyAsLong(mean)).toArray();
        StringBuilder reading = new StringBuilder("Where the time goes, on average over all faults resolved.");
        for (Stage stage : STAGES) {
            reading.append(' ').append(stage.name()).append(": ").append(stage.meaning()).append(';');
        }
        reading.setCharAt(reading.length() - 1, '.');
        return new BarChart("Stages of a fault", reading.toString(), "Stage", rows,
                Axis.linear("Mean time", Measure.NANOS), List.of(new Bars("Mean time", nanos)), false);
    }

    private static BarChart slowestStages(List<SlowFault> slowest) {
        List<String> rows =
                slowest.stream().map(slow -> "page " + slow.page() + ", vCPU " + slow.vcpu()).toList();
        List<Bars> bars = STAGES.stream()
                .map(stage -> new Bars(stage.name(),
                        slowest.stream().mapToDouble(slow -> stage.nanos().applyAsLong(slow.stageNanos())).toArray()))
                .toList();
        return new BarChart("The slowest faults", "In which stage the slowest ones lost their time.", "Fault", rows,
                Axis.linear("Time", Measure.NANOS), bars, true);
    }

    private static DataTable slowest(List<SlowFault> slowest) {
        List<Column> columns = new ArrayList<>(List.of(Column.numbers("Latency"), Column.numbers("Raised at"),
                Column.numbers("Page"), Column.numbers("Memslot"), Column.numbers("vCPU"), Column.words("Kind")));
        STAGES.forEach(stage -> columns.add(Column.numbers(stage.name())));
        List<List<String>> rows = new ArrayList<>();
        for (SlowFault slow : slowest) {
            List<String> row = new ArrayList<>(List.of(Durations.format(slow.latencyNanos()),
                    Durations.format(slow.raisedNanos()), Counts.format(slow.page()), String.valueOf(slow.memslot()),
                    String.valueOf(slow.vcpu()), slow.kind()));
            STAGES.forEach(stage -> row.add(Durations.format(stage.nanos().applyAsLong(slow.stageNanos()))));
            rows.add(row);
        }
        return new DataTable("The slowest faults", columns, rows);
    }
}
