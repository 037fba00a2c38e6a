package io.faultline.lab.html;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A number for each pair of two things, as a colour and in figures.
 *
 * @param title what it shows, in a few words
 * @param reading how to read it
 * @param across what the columns are
 * @param columns their names, from the left
 * @param upwards what the rows are
 * @param rows their names, from the bottom
 * @param value what the cells hold; where it begins and ends, the colours do
 * @param cells by row, then by column; NaN for none
 */
public record HeatMap(String title, String reading, String across, List<String> columns, String upwards,
        List<String> rows, Axis value, List<double[]> cells) implements Chart {
    /**
     * Copies what it is given.
     *
     * @throws IllegalArgumentException when a row or a cell is missing
     */
    public HeatMap {
        columns = List.copyOf(columns);
        rows = List.copyOf(rows);
        cells = cells.stream().map(double[]::clone).toList();
        int width = columns.size();
        if (cells.size() != rows.size() || cells.stream().anyMatch(row -> row.length != width)) {
            throw new IllegalArgumentException(
                    title + " needs " + rows.size() + " rows of " + width + " cells, has " + cells.size() + " rows");
        }
    }

    @Override
    public DataTable table() {
        List<Column> heads =
                Stream.concat(Stream.of(Column.words(upwards + " \\ " + across)), columns.stream().map(Column::numbers))
                        .toList();
        List<List<String>> lines = new ArrayList<>();
        for (int row = 0; row < rows.size(); row++) {
            List<String> line = new ArrayList<>();
            line.add(rows.get(row));
            for (double cell : cells.get(row)) {
                line.add(Double.isNaN(cell) ? "" : value.measure().format(cell));
            }
            lines.add(line);
        }
        return new DataTable(title, heads, lines);
    }

    @Override
    public ObjectNode drawing() {
        ObjectNode json = Drawings.object();
        json.put("kind", "heat");
        json.put("across", across);
        json.put("upwards", upwards);
        json.set("columns", Drawings.of(columns));
        json.set("rows", Drawings.of(rows));
        json.set("value", Drawings.of(value));
        ArrayNode lines = json.putArray("cells");
        cells.forEach(row -> lines.add(Drawings.of(row)));
        return json;
    }
}
