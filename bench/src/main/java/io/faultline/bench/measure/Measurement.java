package io.faultline.bench.measure;

import java.util.HashMap;
import java.util.Map;

/**
 * What one contender did in one JVM after its warm-up. Its {@link #line()} is how a child tells its parent.
 *
 * @param work in all measured runs together
 * @param cpuNanos what the process used of the processors meanwhile, building and taking down included
 * @param runs how many those were
 * @param warmUpNanos how long it had run before
 */
public record Measurement(Work work, long cpuNanos, int runs, long warmUpNanos) {
    /** How the line begins, so that it is found among whatever else a child prints. */
    public static final String PREFIX = "faultline-measurement ";

    /** Faults per second. */
    public double perSecond() {
        return work.nanos() == 0 ? 0 : work.faults() * 1e9 / work.nanos();
    }

    /** Accesses per second, whether they had to wait or not. */
    public double accessesPerSecond() {
        return work.nanos() == 0 ? 0 : work.accesses() * 1e9 / work.nanos();
    }

    /** Which part of the accesses had to wait, from 0 to 1. */
    public double faultedShare() {
        return work.accesses() == 0 ? 0 : (double) work.faults() / work.accesses();
    }

    /** How many were waiting at once, on average: the sum of the waits over the time (Little's law). */
    public double haltedMean() {
        return work.nanos() == 0 ? 0 : (double) work.haltedNanos() / work.nanos();
    }

    /**
     * Processor time of a fault, in nanoseconds. Of all figures the one that suffers least when others use the machine.
     */
    public double cpuNanosPerFault() {
        return work.faults() == 0 ? 0 : (double) cpuNanos / work.faults();
    }

    /** Everything in one line; {@link #parse} reads it. */
    public String line() {
        return PREFIX + "accesses=" + work.accesses() + " faults=" + work.faults() + " haltedNanos="
                + work.haltedNanos() + " nanos=" + work.nanos() + " cpuNanos=" + cpuNanos
                + " runs=" + runs + " warmUpNanos=" + warmUpNanos;
    }

    /**
     * Reads a line that {@link #line()} wrote.
     *
     * @throws IllegalArgumentException naming the line, when it is anything else
     */
    public static Measurement parse(String line) {
        if (!line.startsWith(PREFIX)) {
            throw new IllegalArgumentException("no measurement: \"" + line + "\"");
        }
        Map<String, Long> fields = new HashMap<>();
        for (String field : line.substring(PREFIX.length()).strip().split(" +", -1)) {
            int equals = field.indexOf('=');
            if (equals < 0) {
                throw new IllegalArgumentException("\"" + field + "\" has no value, in \"" + line + "\"");
            }
            fields.put(field.substring(0, equals), number(field.substring(equals + 1), line));
        }
        return new Measurement(
                new Work(field("accesses", fields, line), field("faults", fields, line),
                        field("haltedNanos", fields, line), field("nanos", fields, line)),
                field("cpuNanos", fields, line), Math.toIntExact(field("runs", fields, line)),
                field("warmUpNanos", fields, line));
    }

    private static long number(String text, String line) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("\"" + text + "\" is no number, in \"" + line + "\"", e);
        }
    }

    private static long field(String name, Map<String, Long> fields, String line) {
        Long value = fields.get(name);
        if (value == null) {
            throw new IllegalArgumentException("no " + name + " in \"" + line + "\"");
        }
        return value;
    }
}
