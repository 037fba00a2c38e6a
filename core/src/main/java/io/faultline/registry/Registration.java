package io.faultline.registry;

import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * One thing that can be chosen by name.
 *
 * @param name lower case, digits and hyphens; what the user types
 * @param description one line, printed by {@code faultline list}
 * @param keys the parameters it understands; a value without a key, as in {@code zipf:1.1}, goes to the first
 * @param factory makes it from its parameters; throws {@link InvalidInputException} when they do not fit
 * @param <T> the kind of thing
 */
public record Registration<T>(String name, String description, List<String> keys, Function<Parameters, T> factory) {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]*");
    private static final Pattern LINE_BREAK = Pattern.compile("\\R");

    public Registration {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("registration name \"" + name + "\" does not match " + NAME);
        }
        if (description.isBlank() || LINE_BREAK.matcher(description).find()) {
            throw new IllegalArgumentException("the description of " + name + " must be one line");
        }
        keys = List.copyOf(keys);
        for (String key : keys) {
            if (!Parameters.KEY.matcher(key).matches()) {
                throw new IllegalArgumentException(
                        "key \"" + key + "\" of " + name + " does not match " + Parameters.KEY);
            }
        }
    }

    /**
     * Registers a thing that takes no parameters.
     *
     * @param name what the user types
     * @param description one line
     * @param instance shared by all who choose it
     * @param <T> the kind of thing
     * @return the registration
     */
    public static <T> Registration<T> plain(String name, String description, T instance) {
        return new Registration<>(name, description, List.of(), parameters -> instance);
    }
}
