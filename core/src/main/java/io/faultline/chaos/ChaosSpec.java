package io.faultline.chaos;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;

import io.faultline.registry.InvalidInputException;
import io.faultline.units.Durations;

/**
 * Which failures are made on purpose, and how often: data, as the user wrote it. Immutable.
 *
 * @param faults by kind, in the order of {@link ChaosKind}; a kind that is missing never happens
 */
public record ChaosSpec(Map<ChaosKind, Fault> faults) {
    /** Nothing fails on purpose. */
    public static final ChaosSpec NONE = new ChaosSpec(Map.of());

    /** How long {@link ChaosKind#FETCH_DELAY} takes when nobody says: longer than a read from a disk, well in time. */
    public static final long FETCH_DELAY_DEFAULT_NANOS = 1_000_000;

    /**
     * How many fetch timeouts {@link ChaosKind#FETCH_STALL} takes when nobody says: the fetch has surely been given up,
     * and the answer still comes while the run can get it wrong.
     */
    public static final int FETCH_STALL_DEFAULT_TIMEOUTS = 2;

    /**
     * How often a kind happens.
     *
     * @param rate the share of operations hit, from 0 to 1
     * @param nanos how long it takes, for a kind that takes time; 0 means the default
     */
    public record Fault(double rate, long nanos) {
        public Fault {
            if (!(rate >= 0 && rate <= 1)) {
                throw new InvalidInputException("the rate must be from 0 to 1, not " + rate);
            }
            if (nanos < 0) {
                throw new InvalidInputException("the time must be at least 0 ns, not " + nanos);
            }
        }
    }

    public ChaosSpec {
        var sorted = new EnumMap<ChaosKind, Fault>(ChaosKind.class);
        sorted.putAll(faults);
        faults = Collections.unmodifiableMap(sorted);
        faults.forEach((kind, fault) -> {
            if (fault.nanos() != 0 && !kind.isTimed()) {
                throw new InvalidInputException(kind.text() + " takes no time, so no duration either");
            }
        });
    }

    /**
     * Reads {@code fetch-error:0.01,fetch-delay:0.05@2ms,handler-crash:0.0001}.
     *
     * @param text kinds, each with its rate from 0 to 1, and fetch-delay and fetch-stall with a duration if wanted
     * @throws InvalidInputException naming what cannot be read and what would be right
     */
    public static ChaosSpec parse(String text) {
        var faults = new EnumMap<ChaosKind, Fault>(ChaosKind.class);
        for (String item : text.split(",", -1)) {
            int colon = item.indexOf(':');
            ChaosKind kind = kind(colon < 0 ? item : item.substring(0, colon), text);
            if (colon < 0) {
                throw new InvalidInputException(kind.text() + " has no rate: write " + kind.text() + ":0.01");
            }
            if (faults.put(kind, fault(kind, item.substring(colon + 1))) != null) {
                throw new InvalidInputException(kind.text() + " is given twice in \"" + text + "\"");
            }
        }
        return new ChaosSpec(faults);
    }

    private static ChaosKind kind(String name, String text) {
        for (ChaosKind kind : ChaosKind.values()) {
            if (kind.text().equals(name)) {
                return kind;
            }
        }
        throw new InvalidInputException("unknown kind of chaos \"" + name + "\" in \"" + text + "\": known are "
                + Arrays.stream(ChaosKind.values()).map(ChaosKind::text).collect(Collectors.joining(", ")));
    }

    private static Fault fault(ChaosKind kind, String text) {
        int at = text.indexOf('@');
        double rate = rate(kind, at < 0 ? text : text.substring(0, at));
        if (at < 0) {
            return new Fault(rate, 0);
        }
        if (!kind.isTimed()) {
            throw new InvalidInputException(
                    kind.text() + ":" + text + ": only fetch-delay and fetch-stall take a duration behind an @");
        }
        try {
            return new Fault(rate, Durations.parsePositiveNanos(text.substring(at + 1)));
        } catch (InvalidInputException e) {
            throw new InvalidInputException(kind.text() + ": " + e.getMessage(), e);
        }
    }

    private static double rate(ChaosKind kind, String text) {
        String problem = "the rate of " + kind.text() + " must be a number from 0 to 1, not \"" + text + "\"";
        try {
            double rate = Double.parseDouble(text);
            if (rate >= 0 && rate <= 1) {
                return rate;
            }
        } catch (NumberFormatException e) {
            throw new InvalidInputException(problem, e);
        }
        throw new InvalidInputException(problem);
    }

    /** Tells whether nothing ever fails on purpose. */
    public boolean isNone() {
        return faults.values().stream().allMatch(fault -> fault.rate() == 0);
    }

    /** Returns the share of operations that a kind hits, from 0 to 1. */
    public double rate(ChaosKind kind) {
        Fault fault = faults.get(kind);
        return fault == null ? 0 : fault.rate();
    }

    /**
     * Returns how long a kind takes when it happens.
     *
     * @param kind any
     * @param fetchTimeoutNanos after which a fetch is given up
     * @return as told, or the default; 0 for a kind that takes no time
     */
    public long nanos(ChaosKind kind, long fetchTimeoutNanos) {
        Fault fault = faults.get(kind);
        if (fault != null && fault.nanos() != 0) {
            return fault.nanos();
        }
        return switch (kind) {
            case FETCH_DELAY -> FETCH_DELAY_DEFAULT_NANOS;
            case FETCH_STALL -> FETCH_STALL_DEFAULT_TIMEOUTS
                    * Math.min(fetchTimeoutNanos, Long.MAX_VALUE / FETCH_STALL_DEFAULT_TIMEOUTS);
            default -> 0;
        };
    }

    /** Returns what {@link #parse} reads, in the kinds' own order; empty for {@link #NONE}. */
    @Override
    public String toString() {
        return faults.entrySet()
                .stream()
                .map(entry -> entry.getKey().text() + ":" + entry.getValue().rate()
                        + (entry.getValue().nanos() == 0 ? "" : "@" + entry.getValue().nanos() + "ns"))
                .collect(Collectors.joining(","));
    }
}
