package io.faultline.lab;

import java.util.List;

import io.faultline.registry.InvalidInputException;
import io.faultline.registry.Registration;
import io.faultline.registry.Registry;

/**
 * An option whose value is one of a few names, some of which are still to come: those are refused by saying so, never
 * ignored.
 *
 * @param option with its dashes
 * @param available what works
 * @param later a regular expression over the values that are known but not built yet
 */
record Choice(String option, List<String> available, String later) {
    /** The choice among a registry's names; what has been registered is available, whatever {@code later} says. */
    static Choice among(String option, Registry<?> registry, String later) {
        return new Choice(option, registry.all().stream().map(Registration::name).toList(), later);
    }

    /**
     * Checks a value.
     *
     * @return the value
     * @throws InvalidInputException when it is not among the available ones
     */
    String check(String value) {
        refuseLater(value);
        if (!available.contains(value)) {
            throw new InvalidInputException(
                    option + " must be one of " + String.join(", ", available) + ", not \"" + value + "\"");
        }
        return value;
    }

    /**
     * Refuses what is known but not built yet, and nothing else.
     *
     * @return the value, parameters behind a colon included
     * @throws InvalidInputException saying that it is not available yet
     */
    String refuseLater(String value) {
        int colon = value.indexOf(':');
        String name = colon < 0 ? value : value.substring(0, colon);
        if (!available.contains(name) && name.matches(later)) {
            throw new InvalidInputException(
                    option + " " + value + " is not available yet: use " + String.join(" or ", available));
        }
        return value;
    }
}
