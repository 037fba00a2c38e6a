package io.faultline.registry;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * What follows a name: {@code size=64,timeout=1ms}, or a value for the first key. Immutable. Every getter throws
 * {@link InvalidInputException} when the value does not fit, naming the key, the value and what would be right.
 */
public final class Parameters {
    static final Pattern KEY = Pattern.compile("[A-Za-z][A-Za-z0-9-]*");

    /** A separator is one only before a {@code key=}, so that values such as file names may hold commas and colons. */
    private static final Pattern SEPARATOR = Pattern.compile("[,:](?=" + KEY + "=)");
    private static final Pattern PAIR = Pattern.compile("(" + KEY + ")=(.*)", Pattern.DOTALL);

    private final String where;
    private final String name;
    private final List<String> keys;
    private final Map<String, String> values;

    private Parameters(String where, String name, List<String> keys, Map<String, String> values) {
        this.where = where;
        this.name = name;
        this.keys = keys;
        this.values = values;
    }

    static Parameters none(String where, String name, List<String> keys) {
        return new Parameters(where, name, keys, Map.of());
    }

    static Parameters parse(String where, String name, List<String> keys, String text) {
        var parameters = new Parameters(where, name, keys, new LinkedHashMap<>());
        List<String> items = SEPARATOR.splitAsStream(text).toList();
        for (int i = 0; i < items.size(); i++) {
            String item = items.get(i);
            var pair = PAIR.matcher(item);
            if (pair.matches()) {
                parameters.put(pair.group(1), pair.group(2));
            } else if (keys.isEmpty()) {
                throw parameters.invalid(name + " takes no parameters, not \"" + item + "\"");
            } else {
                // Only the first item can lack a key: the separator before every other one demands it.
                parameters.put(keys.getFirst(), item);
            }
        }
        return parameters;
    }

    private void put(String key, String value) {
        if (!keys.contains(key)) {
            throw invalid("unknown key \"" + key + "\": "
                    + (keys.isEmpty() ? name + " takes no parameters" : "known are " + String.join(", ", keys)));
        }
        if (value.isBlank()) {
            throw invalid(key + " has no value");
        }
        if (values.put(key, value) != null) {
            throw invalid(key + " is given twice");
        }
    }

    /** Returns the name that the parameters followed. */
    public String name() {
        return name;
    }

    /**
     * Tells whether the user gave a value.
     *
     * @param key one of the registration's keys
     * @return false when the default will be used
     */
    public boolean isGiven(String key) {
        return value(key) != null;
    }

    /**
     * Makes the exception to throw when values do not fit each other.
     *
     * @param problem what is wrong and what would be right, without the place
     * @return with the place in front
     */
    public InvalidInputException invalid(String problem) {
        return new InvalidInputException(where + ": " + problem);
    }

    /**
     * Returns a value as it was written.
     *
     * @param key one of the registration's keys
     * @param missing the default
     */
    public String getText(String key, String missing) {
        String value = value(key);
        return value == null ? missing : value;
    }

    /**
     * Returns a value as it was written, and insists that there is one.
     *
     * @param key one of the registration's keys
     * @param meaning for the message: "the image's path"
     */
    public String requireText(String key, String meaning) {
        String value = value(key);
        if (value == null) {
            throw invalid(key + " is missing: write " + name + ":" + key + "=" + meaning);
        }
        return value;
    }

    /**
     * Returns a whole number of either sign.
     *
     * @param key one of the registration's keys
     * @param missing the default
     */
    public long getLong(String key, long missing) {
        return getLong(key, missing, Long.MIN_VALUE, Long.MAX_VALUE);
    }

    /**
     * Returns a whole number within bounds, both included.
     *
     * @param key one of the registration's keys
     * @param missing the default
     * @param least the smallest allowed
     * @param most the largest allowed
     */
    public long getLong(String key, long missing, long least, long most) {
        String value = value(key);
        if (value == null) {
            return missing;
        }
        try {
            long number = Long.parseLong(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new InvalidInputException(where + ": " + wholeNumber(key, least, most, value), e);
        }
        throw invalid(wholeNumber(key, least, most, value));
    }

    private static String wholeNumber(String key, long least, long most, String value) {
        boolean bounded = least != Long.MIN_VALUE || most != Long.MAX_VALUE;
        String bounds =
                !bounded ? "" : most == Long.MAX_VALUE ? " of at least " + least : " of " + least + " to " + most;
        return key + " must be a whole number" + bounds + ", not \"" + value + "\"";
    }

    /**
     * Returns a whole number within bounds, both included.
     *
     * @param key one of the registration's keys
     * @param missing the default
     * @param least the smallest allowed
     * @param most the largest allowed
     */
    public int getInt(String key, int missing, int least, int most) {
        return Math.toIntExact(getLong(key, missing, least, most));
    }

    /**
     * Returns a finite number of either sign.
     *
     * @param key one of the registration's keys
     * @param missing the default
     */
    public double getDouble(String key, double missing) {
        return getDouble(key, missing, -Double.MAX_VALUE, Double.MAX_VALUE);
    }

    /**
     * Returns a finite number within bounds, both included.
     *
     * @param key one of the registration's keys
     * @param missing the default
     * @param least the smallest allowed
     * @param most the largest allowed
     */
    public double getDouble(String key, double missing, double least, double most) {
        String value = value(key);
        if (value == null) {
            return missing;
        }
        try {
            double number = Double.parseDouble(value);
            if (number >= least && number <= most && Double.isFinite(number)) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new InvalidInputException(where + ": " + number(key, least, most, value), e);
        }
        throw invalid(number(key, least, most, value));
    }

    private static String number(String key, double least, double most, String value) {
        String bounds = most == Double.MAX_VALUE ? "" : " of " + least + " to " + most;
        return key + " must be a number" + bounds + ", not \"" + value + "\"";
    }

    /**
     * Returns a value with a unit, by its parser: {@code getParsed("timeout", 1_000_000, Durations::parseNanos)}.
     *
     * @param key one of the registration's keys
     * @param missing the default, in the unit that the parser returns
     * @param parser throws {@link InvalidInputException}, to which the place and the key are added
     */
    public long getParsed(String key, long missing, ToLongFunction<String> parser) {
        String value = value(key);
        if (value == null) {
            return missing;
        }
        try {
            return parser.applyAsLong(value);
        } catch (InvalidInputException e) {
            throw new InvalidInputException(where + ": " + key + ": " + e.getMessage(), e);
        }
    }

    /**
     * Returns one of an enum's constants, written in lower case with hyphens.
     *
     * @param key one of the registration's keys
     * @param missing the default
     * @param <E> the enum
     */
    public <E extends Enum<E>> E getChoice(String key, E missing) {
        String value = value(key);
        if (value == null) {
            return missing;
        }
        E[] constants = missing.getDeclaringClass().getEnumConstants();
        for (E constant : constants) {
            if (written(constant).equals(value)) {
                return constant;
            }
        }
        throw invalid(key + " must be one of "
                + Arrays.stream(constants).map(Parameters::written).collect(Collectors.joining(", ")) + ", not \""
                + value + "\"");
    }

    private static String written(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private @Nullable String value(String key) {
        if (!keys.contains(key)) {
            throw new IllegalArgumentException("the registration of " + name + " does not declare the key " + key);
        }
        return values.get(key);
    }
}
