package io.faultline.lab;

import java.util.List;

import io.faultline.explore.Scenario;
import io.faultline.explore.Variant;
import io.faultline.races.Races;
import io.faultline.registry.ClassPath;
import io.faultline.registry.InvalidInputException;
import io.faultline.registry.Registration;

/**
 * One variant of a race, as the user chose it.
 *
 * @param name what chooses it: its registered name, or its class
 * @param scenario plays
 * @param variant which of its protocols
 */
record RaceChoice(String name, Scenario scenario, Variant variant) {
    /** What stands for every name, and every variant. */
    static final String ALL = "all";

    /** Finds the races that the two options choose, in the order of the registry. */
    static List<RaceChoice> of(String race, String variant) {
        List<Variant> variants =
                variant.equals(ALL) ? List.of(Variant.values()) : List.of(variant(variant));
        List<String> names =
                race.equals(ALL) ? Races.registry().all().stream().map(Registration::name).toList() : List.of(race);
        return names.stream()
                .flatMap(name -> {
                    Scenario scenario = scenario(name);
                    return variants.stream().map(one -> new RaceChoice(name, scenario, one));
                })
                .toList();
    }

    /** Finds one variant of one race. */
    static RaceChoice one(String race, String variant) {
        return new RaceChoice(race, scenario(race), variant(variant));
    }

    private static Variant variant(String text) {
        for (Variant variant : Variant.values()) {
            if (variant.toString().equals(text)) {
                return variant;
            }
        }
        throw new InvalidInputException("--variant must be one of broken, fixed, all, not \"" + text + "\"");
    }

    private static Scenario scenario(String name) {
        return OptionValue.of("--race", name, text -> ClassPath.looksLikeClass(text)
                ? ClassPath.create("race", text, Scenario.class)
                : Races.registry().create(text));
    }
}
