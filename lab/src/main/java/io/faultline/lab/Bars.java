package io.faultline.lab;

/** Horizontal bars in text, to an eighth of a column. */
final class Bars {
    private static final char FULL = '\u2588';

    /** Left one eighth block to left seven eighths block; Unicode numbers them downwards. */
    private static final String EIGHTHS = " \u258f\u258e\u258d\u258c\u258b\u258a\u2589";

    private Bars() {}

    /**
     * Draws one bar, padded with blanks.
     *
     * @param part what it stands for, from 0 to {@code whole}; anything above 0 leaves at least a mark
     * @param whole what a bar of full width stands for
     * @param columns the full width
     */
    static String bar(long part, long whole, int columns) {
        int eighths = whole <= 0 ? 0 : (int) Math.round((double) part / whole * columns * 8);
        int shown = Math.clamp(eighths, part > 0 ? 1 : 0, columns * 8);
        StringBuilder bar = new StringBuilder(columns);
        bar.repeat(FULL, shown / 8);
        if (shown % 8 > 0) {
            bar.append(EIGHTHS.charAt(shown % 8));
        }
        return bar.repeat(' ', columns - bar.length()).toString();
    }
}
