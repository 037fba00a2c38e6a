package io.faultline.lab.html;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** A page with one of everything. */
final class SamplePage {
    private static final double[] TIMES = {0, 1e6, 2e6, 3e6, 4e6};

    private SamplePage() {}

    /** Names are in every place that takes one from outside. */
    static Page named(String name) {
        DataTable table = new DataTable(name, List.of(Column.words(name), Column.numbers(name)),
                List.of(List.of(name, name)));
        List<Block> blocks = List.of(new Block.Prose(name), new Block.Tabled(table), new Block.Command(name, name),
                new Block.Folded(name, List.of(new Block.Tabled(table))), new Block.Drawn(lines(name)),
                new Block.Drawn(histogram(name)), new Block.Drawn(stacked(name)), new Block.Drawn(cdf(name)),
                new Block.Drawn(pareto(name)), new Block.Drawn(bars(name)), new Block.Drawn(heat(name)));
        return new Page(name, name,
                List.of(new Block.Verdict(false, name, List.of(name)),
                        new Block.Tiles(List.of(new Block.Tile(name, name, name)))),
                List.of(new Section(name, blocks)), name);
    }

    private static XyChart lines(String name) {
        return new XyChart(name, name, Axis.linear(name, Measure.NANOS), Axis.linear(name, Measure.PER_SECOND),
                List.of(Series.line(name, TIMES, new double[]{0, 1e6, 2e6, 1e6, Double.NaN}),
                        Series.line("another", TIMES, new double[]{5e5, 5e5, 5e5, 5e5, 5e5})),
                List.of(Mark.level(name, 3e6), Mark.at(name, 2.5e6)));
    }

    private static XyChart histogram(String name) {
        return new XyChart(name, name, Axis.log(name, Measure.NANOS), Axis.linear(name, Measure.COUNT),
                List.of(Series.step(name, new double[]{1e3, 1e4, 1e5, 1e6}, new double[]{10, 12_000, 300, 0})),
                List.of(Mark.at("p50", 2e4), Mark.at("p99", 2.1e4), Mark.at("max", 9.9e5)));
    }

    private static XyChart stacked(String name) {
        return new XyChart(name, name, Axis.linear(name, Measure.NANOS).within(0, 4e6),
                Axis.linear(name, Measure.COUNT).within(0, 64),
                List.of(Series.stacked("lower", TIMES, new double[]{0, 16, 32, 16, 0}),
                        Series.stacked(name, TIMES, new double[]{64, 48, 32, 48, 64}).inGrey()));
    }

    private static XyChart cdf(String name) {
        Random random = new Random(1);
        double[] gaps = new double[200];
        Arrays.setAll(gaps, _ -> Math.exp(random.nextGaussian() + 10));
        return new XyChart(name, name, Axis.log(name, Measure.NANOS), Axis.linear(name, Measure.SHARE).within(0, 1),
                List.of(Series.cdf(name, gaps)));
    }

    private static XyChart pareto(String name) {
        return new XyChart(name, name, Axis.linear(name, Measure.RATIO), Axis.log(name, Measure.NANOS),
                List.of(Series.points(name, new double[]{1, 0.25}, new double[]{1e4, 2e5}),
                        Series.points("ring", new double[]{0.02}, new double[]{1e6})));
    }

    private static BarChart bars(String name) {
        return new BarChart(name, name, name, List.of(name, "fetch"), Axis.linear(name, Measure.NANOS),
                List.of(new BarChart.Bars(name, new double[]{1e3, 5e3}),
                        new BarChart.Bars("wake", new double[]{2e3, 1e3})),
                true);
    }

    private static HeatMap heat(String name) {
        return new HeatMap(name, name, name, List.of("8", "16", "32"), name, List.of(name, "1 ms"),
                Axis.linear(name, Measure.NANOS).within(0, 3e6),
                List.of(new double[]{1e6, 2e6, 3e6}, new double[]{5e5, Double.NaN, 2.5e6}));
    }
}
