package io.faultline.lab.html;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Numbers over numbers: lines, histograms, CDFs, stacked areas and scattered points, also several in one.
 *
 * @param title what it shows, in a few words
 * @param reading how to read it
 * @param x the axis across
 * @param y the axis upwards
 * @param series what is drawn, in the legend's order
 * @param marks lines to compare with
 */
public record XyChart(String title, String reading, Axis x, Axis y, List<Series> series, List<Mark> marks)
        implements Chart {
    /** Copies the lists. */
    public XyChart {
        series = List.copyOf(series);
        marks = List.copyOf(marks);
    }

    /** One without marks. */
    public XyChart(String title, String reading, Axis x, Axis y, List<Series> series) {
        this(title, reading, x, y, series, List.of());
    }

    @Override
    public DataTable table() {
        boolean sameXs = series.stream().allMatch(one -> Arrays.equals(one.xs(), series.getFirst().xs()));
        return sameXs ? sideBySide() : oneAfterTheOther();
    }

    private DataTable sideBySide() {
        List<Column> columns = new ArrayList<>();
        columns.add(Column.numbers(x.title()));
        series.forEach(one -> columns.add(Column.numbers(one.name())));
        List<List<String>> rows = new ArrayList<>();
        double[] xs = series.isEmpty() ? new double[0] : series.getFirst().xs();
        List<double[]> ys = series.stream().map(Series::ys).toList();
        for (int point = 0; point < xs.length; point++) {
            List<String> row = new ArrayList<>();
            row.add(x.measure().format(xs[point]));
            for (double[] numbers : ys) {
                row.add(figure(y, numbers[point]));
            }
            rows.add(row);
        }
        return new DataTable(title, columns, rows);
    }

    private DataTable oneAfterTheOther() {
        List<List<String>> rows = new ArrayList<>();
        for (Series one : series) {
            double[] xs = one.xs();
            double[] ys = one.ys();
            for (int point = 0; point < xs.length; point++) {
                rows.add(List.of(one.name(), figure(x, xs[point]), figure(y, ys[point])));
            }
        }
        return new DataTable(title,
                List.of(Column.words("Series"), Column.numbers(x.title()), Column.numbers(y.title())), rows);
    }

    private static String figure(Axis axis, double number) {
        return Double.isNaN(number) ? "" : axis.measure().format(number);
    }

    @Override
    public ObjectNode drawing() {
        ObjectNode json = Drawings.object();
        json.put("kind", "xy");
        json.set("x", Drawings.of(x));
        json.set("y", Drawings.of(y));
        ArrayNode drawn = json.putArray("series");
        for (Series one : series) {
            ObjectNode to = drawn.addObject();
            to.put("name", one.name());
            to.put("look", one.look().name());
            to.put("muted", one.muted());
            to.set("xs", Drawings.of(one.xs()));
            to.set("ys", Drawings.of(one.ys()));
        }
        ArrayNode lines = json.putArray("marks");
        for (Mark mark : marks) {
            lines.addObject().put("label", mark.label()).put("vertical", mark.vertical()).put("at", mark.at());
        }
        return json;
    }
}
