package io.faultline.lab.html;

/**
 * A column of a table.
 *
 * @param title at its head; a table whose columns all have an empty one has no head
 * @param number whether it holds numbers, which stand right under right
 */
public record Column(String title, boolean number) {
    /** One of words. */
    public static Column words(String title) {
        return new Column(title, false);
    }

    /** One of numbers. */
    public static Column numbers(String title) {
        return new Column(title, true);
    }
}
