package io.faultline.lab.html;

/**
 * A line across a chart at something to compare with: a limit, a percentile, where two curves cross.
 *
 * @param label what it is
 * @param vertical whether it stands at an x, or lies at a y
 * @param at where
 */
public record Mark(String label, boolean vertical, double at) {
    /** A line that stands at an x. */
    public static Mark at(String label, double x) {
        return new Mark(label, true, x);
    }

    /** A line that lies at a y. */
    public static Mark level(String label, double y) {
        return new Mark(label, false, y);
    }
}
