package io.faultline.lab.html;

/**
 * A chart's axis.
 *
 * @param title what it shows, without the unit, which stands at the ticks
 * @param measure of its numbers
 * @param log whether it is logarithmic; then everything on it must be greater than 0, and what is not is left out
 * @param from where it begins; NaN to let the data say
 * @param to where it ends; NaN to let the data say
 */
public record Axis(String title, Measure measure, boolean log, double from, double to) {
    /** One that begins at 0 and ends where the data do. */
    public static Axis linear(String title, Measure measure) {
        return new Axis(title, measure, false, 0, Double.NaN);
    }

    /** A logarithmic one, as far as the data go. */
    public static Axis log(String title, Measure measure) {
        return new Axis(title, measure, true, Double.NaN, Double.NaN);
    }

    /** The same, from and to these. */
    public Axis within(double first, double last) {
        return new Axis(title, measure, log, first, last);
    }
}
