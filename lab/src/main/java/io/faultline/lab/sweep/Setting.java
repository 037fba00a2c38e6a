package io.faultline.lab.sweep;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

import io.faultline.registry.InvalidInputException;

/**
 * What somebody wrote for one key of a plan.
 *
 * @param where it stands, for messages: an option, or a file's line
 * @param text several values are separated by commas
 */
public record Setting(String where, String text) {
    /** Not before a {@code key=}: that comma separates the parameters of one policy. */
    private static final Pattern COMMA = Pattern.compile(",(?!\\s*[A-Za-z][A-Za-z0-9-]*=)");

    /** Each value, ranges spelt out, none twice; every one has passed the check. */
    List<String> values(Consumer<String> check) {
        Set<String> values = new LinkedHashSet<>();
        for (String item : COMMA.split(text, -1)) {
            if (item.isBlank()) {
                throw wrong("has an empty value in \"" + text + "\"");
            }
            try {
                for (String value : ValueRange.expand(item.strip())) {
                    check.accept(value);
                    values.add(value);
                }
            } catch (IllegalArgumentException | ArithmeticException e) {
                throw new InvalidInputException(where + ": " + e.getMessage(), e);
            }
        }
        return List.copyOf(values);
    }

    List<Integer> numbers(int least, int most) {
        return values(text -> number(text, least, most)).stream().map(Integer::valueOf).toList();
    }

    private static long number(String text, long least, long most) {
        try {
            long number = Long.parseLong(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new InvalidInputException(wholeNumber(text, least, most), e);
        }
        throw new InvalidInputException(wholeNumber(text, least, most));
    }

    private static String wholeNumber(String text, long least, long most) {
        return "must be a whole number from " + least + " to " + most + ", not \"" + text + "\"";
    }

    int oneNumber(int least, int most) {
        return Math.toIntExact(oneLong(least, most));
    }

    long oneLong(long least, long most) {
        try {
            return number(text.strip(), least, most);
        } catch (InvalidInputException e) {
            throw new InvalidInputException(where + ": " + e.getMessage(), e);
        }
    }

    InvalidInputException wrong(String problem) {
        return new InvalidInputException(where + ": " + problem);
    }
}
