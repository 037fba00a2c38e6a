package io.faultline.units;

import java.math.BigDecimal;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.faultline.registry.InvalidInputException;

/**
 * A kind of quantity: a number and one of its units, parsed exactly into a {@code long} of the smallest unit.
 *
 * @param what for messages: "a memory size"
 * @param example a right one
 * @param units the smallest, of factor 1, first
 */
record Quantity(String what, String example, List<Unit> units) {
    /**
     * @param name as it is written, upper and lower case told apart
     * @param factor how many of the smallest unit it is
     */
    record Unit(String name, long factor) {}

    private static final Pattern TEXT = Pattern.compile("([+-]?)([0-9][0-9_]*(?:\\.[0-9]+)?)[ ]?([^ 0-9].*)?");

    /**
     * @param text a number, at most one space, a unit
     * @return at least zero, in the smallest unit
     * @throws InvalidInputException when it is anything else, or does not fit a {@code long}
     */
    long parse(String text) {
        var matcher = TEXT.matcher(text.strip());
        if (!matcher.matches()) {
            throw invalid(text, "is not " + what);
        }
        String unitName = matcher.group(3);
        if (unitName == null) {
            throw invalid(text, "has no unit");
        }
        Unit unit = units.stream()
                .filter(u -> u.name().equals(unitName))
                .findFirst()
                .orElseThrow(
                        () -> invalid(text, "has the unknown unit \"" + unitName + "\""));
        if (matcher.group(1).equals("-")) {
            throw invalid(text, "is negative");
        }
        var amount = new BigDecimal(matcher.group(2).replace("_", "")).multiply(BigDecimal.valueOf(unit.factor()));
        if (amount.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
            throw invalid(text, "is too large, the most is " + Long.MAX_VALUE + units.getFirst().name());
        }
        if (amount.stripTrailingZeros().scale() > 0) {
            throw invalid(text, "is no whole number of " + units.getFirst().name());
        }
        return amount.longValueExact();
    }

    /** As {@link #parse}, and zero is refused too. */
    long parsePositive(String text) {
        long amount = parse(text);
        if (amount == 0) {
            throw invalid(text, "is zero, and must be more");
        }
        return amount;
    }

    private InvalidInputException invalid(String text, String problem) {
        String names = units.stream().map(Unit::name).collect(Collectors.joining(", "));
        return new InvalidInputException(
                "\"" + text + "\" " + problem + ": write for example " + example + " (units: " + names + ")");
    }
}
