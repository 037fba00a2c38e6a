package io.faultline.lab;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.faultline.registry.InvalidInputException;

/** Reads options' values, and says which option it was when one cannot be read. */
final class OptionValue {
    private OptionValue() {}

    /**
     * Reads a value.
     *
     * @param option with its dashes
     * @param text as the user wrote it
     * @param parser throws {@link IllegalArgumentException} with one line, to which the option is added
     * @throws InvalidInputException naming the option, the value and what would be right
     */
    static <T> T of(String option, String text, Function<String, T> parser) {
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException(option + ": " + e.getMessage(), e);
        }
    }

    /** Reads one of an enum's constants, written in lower case with hyphens. */
    static <E extends Enum<E>> E oneOf(String option, String text, Class<E> kind) {
        for (E constant : kind.getEnumConstants()) {
            if (written(constant).equals(text)) {
                return constant;
            }
        }
        throw new InvalidInputException(option + " must be one of "
                + Arrays.stream(kind.getEnumConstants()).map(OptionValue::written).collect(Collectors.joining(", "))
                + ", not \"" + text + "\"");
    }

    /** Returns a constant as the user writes it. */
    static String written(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
