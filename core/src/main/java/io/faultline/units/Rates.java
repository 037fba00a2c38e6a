package io.faultline.units;

import java.util.List;

/** Rates: per second inside, and written with {@code /s} outside. */
public final class Rates {
    private static final Quantity BYTES = new Quantity("a rate", "2GiB/s",
            MemorySize.UNITS.stream().map(unit -> new Quantity.Unit(unit.name() + "/s", unit.factor())).toList());

    private static final Quantity EVENTS = new Quantity("a rate", "20k/s",
            List.of(new Quantity.Unit("/s", 1), new Quantity.Unit("k/s", 1_000), new Quantity.Unit("M/s", 1_000_000)));

    private Rates() {}

    /**
     * Reads a rate such as {@code 2GiB/s}.
     *
     * @param text a memory size with {@code /s} behind it
     * @return bytes per second, more than zero: a rate of zero would never end
     * @throws io.faultline.registry.InvalidInputException when it is anything else
     */
    public static long parseBytesPerSecond(String text) {
        return BYTES.parsePositive(text);
    }

    /**
     * Reads how often something happens, such as {@code 500/s} or {@code 20k/s}.
     *
     * @param text a number and {@code /s}, {@code k/s} or {@code M/s}
     * @return events per second, more than zero
     * @throws io.faultline.registry.InvalidInputException when it is anything else
     */
    public static long parseEventsPerSecond(String text) {
        return EVENTS.parsePositive(text);
    }

    /**
     * Prints a rate for people: {@code 1.95 GiB/s}.
     *
     * @param bytesPerSecond of either sign
     */
    public static String formatBytesPerSecond(long bytesPerSecond) {
        return MemorySize.format(bytesPerSecond) + "/s";
    }

    /**
     * Prints a rate for people: {@code 4.02 M/s}.
     *
     * @param perSecond how often something happens
     */
    public static String formatPerSecond(double perSecond) {
        return Counts.compact(perSecond) + "/s";
    }
}
