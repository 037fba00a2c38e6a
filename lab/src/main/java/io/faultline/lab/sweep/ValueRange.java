package io.faultline.lab.sweep;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.faultline.registry.InvalidInputException;
import io.faultline.units.Durations;

/**
 * Ranges of values within a text: {@code 8..512x2} is 8, 16, 32 … 512 and {@code 8..32+8} is 8, 16, 24, 32. The bounds may
 * be durations ({@code 10us..10ms x10} written without the blank). The upper bound is left out when no step meets it.
 */
final class ValueRange {
    private static final int VALUES_MOST = 1000;
    private static final String UNIT = "(ns|us|\u00b5s|\u03bcs|ms|s|min)?";
    private static final Pattern RANGE =
            Pattern.compile("(\\d+)" + UNIT + "\\.\\.(\\d+)" + UNIT + "(?:([x+])(\\d+)" + UNIT + ")?");
    private static final long[] UNIT_NANOS = {1_000_000_000, 1_000_000, 1_000, 1};
    private static final String[] UNITS = {"s", "ms", "us", "ns"};

    private ValueRange() {}

    /**
     * Replaces every range by each of its values.
     *
     * @param text with any number of ranges
     * @return the texts without ranges, in order, the last range changing fastest; the text itself when it has none
     * @throws InvalidInputException when a range has no step, or never ends, or runs the wrong way
     */
    static List<String> expand(String text) {
        Matcher range = RANGE.matcher(text);
        if (!range.find()) {
            return List.of(text);
        }
        Set<String> expanded = new LinkedHashSet<>();
        List<String> rests = expand(text.substring(range.end()));
        for (String value : values(range)) {
            for (String rest : rests) {
                expanded.add(text.substring(0, range.start()) + value + rest);
            }
        }
        return List.copyOf(expanded);
    }

    private static List<String> values(Matcher range) {
        boolean timed = range.group(2) != null || range.group(4) != null;
        long first = number(range, 1, timed);
        long last = number(range, 3, timed);
        if (range.group(5) == null) {
            throw wrong(range, "needs a step: " + range.group() + "x2 doubles, " + range.group() + "+8 adds 8");
        }
        boolean geometric = range.group(5).equals("x");
        long step = number(range, 6, timed && !geometric);
        if (geometric ? step < 2 || first < 1 || range.group(7) != null : step < 1) {
            throw wrong(range, "never ends: a step is x2 or more from 1 or more, or +1 or more");
        }
        if (first > last) {
            throw wrong(range, "runs downwards: write the smaller bound first");
        }
        List<String> values = new ArrayList<>();
        for (long value = first; value <= last; value = geometric ? Math.multiplyExact(value, step) : value + step) {
            values.add(timed ? duration(value) : Long.toString(value));
            if (values.size() > VALUES_MOST) {
                throw wrong(range, "has more than " + VALUES_MOST + " values");
            }
        }
        return values;
    }

    private static long number(Matcher range, int group, boolean timed) {
        String digits = range.group(group);
        String unit = range.group(group + 1);
        if (timed != (unit != null)) {
            throw wrong(range, timed ? "needs a unit with each number, such as 10us..10000usx10"
                    : "has a unit at its factor");
        }
        if (digits.length() > 15) {
            throw wrong(range, "has a number of more than 15 digits");
        }
        return timed ? Durations.parseNanos(digits + unit) : Long.parseLong(digits);
    }

    private static String duration(long nanos) {
        int unit = 0;
        while (nanos % UNIT_NANOS[unit] != 0) {
            unit++;
        }
        return nanos / UNIT_NANOS[unit] + UNITS[unit];
    }

    private static InvalidInputException wrong(Matcher range, String problem) {
        return new InvalidInputException("the range \"" + range.group() + "\" " + problem);
    }
}
