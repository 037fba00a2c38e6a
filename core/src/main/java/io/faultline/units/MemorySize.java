package io.faultline.units;

import java.util.List;
import java.util.Locale;

/**
 * An amount of memory.
 *
 * @param bytes at least zero
 */
public record MemorySize(long bytes) implements Comparable<MemorySize> {
    private static final long KIB = 1L << 10;
    private static final long MIB = 1L << 20;
    private static final long GIB = 1L << 30;
    private static final long TIB = 1L << 40;

    private static final List<Quantity.Unit> BINARY_UNITS = List.of(new Quantity.Unit("B", 1),
            new Quantity.Unit("KiB", KIB), new Quantity.Unit("MiB", MIB), new Quantity.Unit("GiB", GIB),
            new Quantity.Unit("TiB", TIB));

    static final List<Quantity.Unit> UNITS = List.of(new Quantity.Unit("B", 1), new Quantity.Unit("KiB", KIB),
            new Quantity.Unit("MiB", MIB), new Quantity.Unit("GiB", GIB), new Quantity.Unit("TiB", TIB),
            new Quantity.Unit("KB", 1_000), new Quantity.Unit("MB", 1_000_000), new Quantity.Unit("GB", 1_000_000_000),
            new Quantity.Unit("TB", 1_000_000_000_000L));

    private static final Quantity QUANTITY = new Quantity("a memory size", "1GiB", UNITS);

    public MemorySize {
        if (bytes < 0) {
            throw new IllegalArgumentException("a memory size cannot be negative: " + bytes + " bytes");
        }
    }

    /**
     * Reads a size such as {@code 4KiB}, {@code 1.5GiB} or {@code 10MB}.
     *
     * @param text with its unit: B, KiB, MiB, GiB, TiB, or the decimal KB, MB, GB, TB
     * @return at least zero
     * @throws io.faultline.registry.InvalidInputException when it is anything else
     */
    public static MemorySize parse(String text) {
        return new MemorySize(QUANTITY.parse(text));
    }

    /**
     * As {@link #parse}, and refuses zero.
     *
     * @param text with its unit
     * @return more than zero
     * @throws io.faultline.registry.InvalidInputException when it is anything else
     */
    public static MemorySize parsePositive(String text) {
        return new MemorySize(QUANTITY.parsePositive(text));
    }

    /**
     * Makes a size of so many KiB.
     *
     * @param count at least zero
     */
    public static MemorySize kibibytes(long count) {
        return new MemorySize(Math.multiplyExact(count, KIB));
    }

    /**
     * Makes a size of so many MiB.
     *
     * @param count at least zero
     */
    public static MemorySize mebibytes(long count) {
        return new MemorySize(Math.multiplyExact(count, MIB));
    }

    /**
     * Makes a size of so many GiB.
     *
     * @param count at least zero
     */
    public static MemorySize gibibytes(long count) {
        return new MemorySize(Math.multiplyExact(count, GIB));
    }

    /**
     * Makes a size of so many TiB.
     *
     * @param count at least zero
     */
    public static MemorySize tebibytes(long count) {
        return new MemorySize(Math.multiplyExact(count, TIB));
    }

    @Override
    public int compareTo(MemorySize other) {
        return Long.compare(bytes, other.bytes);
    }

    /** Returns it exactly, in the largest binary unit that divides it; {@link #parse} reads it back. */
    @Override
    public String toString() {
        for (Quantity.Unit unit : BINARY_UNITS.reversed()) {
            if (bytes >= unit.factor() && bytes % unit.factor() == 0) {
                return bytes / unit.factor() + unit.name();
            }
        }
        return "0B";
    }

    /**
     * Prints an amount for people, to three digits: {@code 1.46 GiB}.
     *
     * @param bytes of either sign
     */
    public static String format(long bytes) {
        double magnitude = Math.abs((double) bytes);
        for (Quantity.Unit unit : BINARY_UNITS.reversed()) {
            // A little below the unit counts as the unit, lest three digits round to "1024 KiB".
            if (magnitude >= unit.factor() * 0.9995 && unit.factor() > 1) {
                return Counts.threeDigits((double) bytes / unit.factor()) + " " + unit.name();
            }
        }
        return String.format(Locale.ROOT, "%d B", bytes);
    }
}
