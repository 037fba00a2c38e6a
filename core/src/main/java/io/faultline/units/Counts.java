package io.faultline.units;

import java.util.Locale;

/** How counts are printed for people. */
public final class Counts {
    private static final String[] PREFIXES = {"", " k", " M", " G", " T", " P", " E"};

    private Counts() {}

    /**
     * Prints every digit, grouped: {@code 1,048,576}.
     *
     * @param count of either sign
     */
    public static String format(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /**
     * Prints three digits and a decimal prefix: {@code 1.05 M}.
     *
     * @param amount of either sign
     */
    public static String compact(double amount) {
        double scaled = amount;
        int thousands = 0;
        while (Math.abs(scaled) >= 999.5 && thousands < PREFIXES.length - 1) {
            scaled /= 1_000;
            thousands++;
        }
        // A whole number below a thousand needs no decimals.
        String digits = thousands == 0 && amount == Math.rint(amount)
                ? String.format(Locale.ROOT, "%.0f", amount)
                : threeDigits(scaled);
        return digits + PREFIXES[thousands];
    }

    /**
     * Prints a part of a whole: {@code 12.5 %}, and {@code -} when the whole is zero.
     *
     * @param part of the same unit as the whole
     * @param whole at least zero
     */
    public static String percent(double part, double whole) {
        return whole == 0 ? "-" : String.format(Locale.ROOT, "%.1f %%", 100 * part / whole);
    }

    static String threeDigits(double value) {
        double magnitude = Math.abs(value);
        String pattern = magnitude >= 99.95 ? "%.0f" : magnitude >= 9.995 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, pattern, value);
    }
}
