package io.faultline.lab.html;

import java.util.List;

/**
 * A table. The first column names its row.
 *
 * @param caption what it holds, read out by screen readers
 * @param columns from the left
 * @param rows from the top, each with a cell for each column, as it is to be shown
 */
public record DataTable(String caption, List<Column> columns, List<List<String>> rows) {
    /**
     * Copies the lists.
     *
     * @throws IllegalArgumentException when a row has too few cells or too many
     */
    public DataTable {
        columns = List.copyOf(columns);
        rows = rows.stream().map(List::copyOf).toList();
        for (List<String> row : rows) {
            if (row.size() != columns.size()) {
                throw new IllegalArgumentException(
                        caption + " has " + columns.size() + " columns, but a row of " + row.size() + ": " + row);
            }
        }
    }
}
