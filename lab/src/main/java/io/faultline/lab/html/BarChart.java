package io.faultline.lab.html;

import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Bars that lie, one row for each thing compared, so that its name has room on a phone too.
 *
 * @param title what it shows, in a few words
 * @param reading how to read it
 * @param things what the rows are, for the table's first column
 * @param rows the things compared, from the top
 * @param value the axis of the bars' length
 * @param bars what is drawn in each row
 * @param stacked whether the bars of a row follow one another, or stand one below the other
 */
public record BarChart(String title, String reading, String things, List<String> rows, Axis value, List<Bars> bars,
        boolean stacked) implements Chart {
    /** One bar in each row. Immutable. */
    public static final class Bars {
        private final String name;
        private final double[] lengths;

        /**
         * Copies the lengths.
         *
         * @param name for the legend
         * @param lengths one for each row; NaN for none
         */
        public Bars(String name, double[] lengths) {
            this.name = name;
            this.lengths = lengths.clone();
        }

        /** Its name, for the legend. */
        public String name() {
            return name;
        }

        /** A copy of the lengths; NaN for none. */
        public double[] lengths() {
            return lengths.clone();
        }
    }

    /**
     * Copies the lists.
     *
     * @throws IllegalArgumentException when a row lacks a bar
     */
    public BarChart {
        rows = List.copyOf(rows);
        bars = List.copyOf(bars);
        for (Bars one : bars) {
            if (one.lengths().length != rows.size()) {
                throw new IllegalArgumentException(one.name() + " has " + one.lengths().length + " bars for "
                        + rows.size() + " rows");
            }
        }
    }

    @Override
    public DataTable table() {
        List<Column> columns = new ArrayList<>();
        columns.add(Column.words(things));
        bars.forEach(one -> columns.add(Column.numbers(one.name())));
        List<List<String>> cells = new ArrayList<>();
        for (int row = 0; row < rows.size(); row++) {
            List<String> line = new ArrayList<>();
            line.add(rows.get(row));
            for (Bars one : bars) {
                double length = one.lengths()[row];
                line.add(Double.isNaN(length) ? "" : value.measure().format(length));
            }
            cells.add(line);
        }
        return new DataTable(title, columns, cells);
    }

    @Override
    public ObjectNode drawing() {
        ObjectNode json = Drawings.object();
        json.put("kind", "bars");
        json.set("rows", Drawings.of(rows));
        json.set("x", Drawings.of(value));
        json.put("stacked", stacked);
        ArrayNode drawn = json.putArray("series");
        for (Bars one : bars) {
            drawn.addObject().put("name", one.name()).set("lengths", Drawings.of(one.lengths()));
        }
        return json;
    }
}
