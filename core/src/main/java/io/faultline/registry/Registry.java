package io.faultline.registry;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The things of one kind that can be chosen by name, in the order they are listed. Immutable.
 *
 * @param <T> the kind of thing
 */
public final class Registry<T> {
    private final String what;
    private final Map<String, Registration<T>> byName;

    /**
     * @param what the kind of thing in words, for messages: "flush policy"
     * @param known in the order to be listed
     * @throws IllegalArgumentException when two have the same name
     */
    public Registry(String what, List<Registration<T>> known) {
        this.what = what;
        var names = new LinkedHashMap<String, Registration<T>>();
        for (Registration<T> registration : known) {
            if (names.put(registration.name(), registration) != null) {
                throw new IllegalArgumentException("two registrations of " + what + " " + registration.name());
            }
        }
        byName = names;
    }

    /**
     * Makes what the text names: {@code name}, {@code name:value}, {@code name:key=value,key=value} or
     * {@code name:value,key=value}. A value may hold commas and colons, but none directly before a {@code key=}.
     *
     * @param text as the user wrote it
     * @return a new thing, or a shared one where it has no parameters
     * @throws InvalidInputException when the name or a key is unknown, or a value does not fit
     */
    public T create(String text) {
        int colon = text.indexOf(':');
        String name = colon < 0 ? text : text.substring(0, colon);
        Registration<T> registration = byName.get(name);
        if (registration == null) {
            throw new InvalidInputException("unknown " + what + " \"" + name + "\": known are "
                    + String.join(", ", byName.keySet()));
        }
        String where = what + " \"" + text + "\"";
        Parameters parameters = colon < 0
                ? Parameters.none(where, registration.name(), registration.keys())
                : Parameters.parse(where, registration.name(), registration.keys(), text.substring(colon + 1));
        return registration.factory().apply(parameters);
    }

    /** Returns every registration, in the order to be listed. */
    public List<Registration<T>> all() {
        return List.copyOf(byName.values());
    }

    /** Returns the kind of thing in words, as in "flush policy". */
    public String what() {
        return what;
    }

    /**
     * Adds a thing of one's own.
     *
     * @param registration under a name not yet taken
     * @return a new registry with everything of this one, and that
     */
    public Registry<T> with(Registration<T> registration) {
        var extended = new ArrayList<>(byName.values());
        extended.add(registration);
        return new Registry<>(what, extended);
    }
}
