package io.faultline.bench.shootdown;

import java.util.Locale;

import io.faultline.registry.InvalidInputException;

/** Numbers of the command line and of tables. */
final class Numbers {
    private static final double NANOS_PER_MICRO = 1e3;

    private Numbers() {}

    static void within(String option, long value, long least, long most) {
        if (value < least || value > most) {
            throw new InvalidInputException(option + " must be from " + least + " to " + most + ", not " + value);
        }
    }

    static void rounds(int rounds) {
        if (rounds < 1) {
            throw new InvalidInputException("--rounds must be at least 1, not " + rounds);
        }
    }

    /** {@return nanoseconds as microseconds, with three significant digits} */
    static String micros(double nanos) {
        double micros = nanos / NANOS_PER_MICRO;
        return String.format(Locale.ROOT, micros < 10 ? "%.2f" : micros < 100 ? "%.1f" : "%.0f", micros);
    }

    /** {@return by how much a figure is off, in percent} */
    static String off(double value, double published) {
        return String.format(Locale.ROOT, "%+.1f %%", 100 * (value / published - 1));
    }
}
