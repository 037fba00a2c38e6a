package io.faultline.lab;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.faultline.registry.InvalidInputException;

/**
 * A report of {@code explore} whose findings are to be played again.
 *
 * @param findings in the report's order, at least one
 */
record ReplayFile(List<Entry> findings) {
    private static final String OPTION = "--replay";

    /**
     * What was found once.
     *
     * @param race what chooses it
     * @param variant as the user writes it
     * @param seed under which it was found
     * @param choices the shortest schedule, by names
     */
    record Entry(String race, String variant, long seed, List<String> choices) {}

    /**
     * Reads a report.
     *
     * @param race which of its races, or all
     * @param variant which of their variants, or all
     * @throws InvalidInputException when it cannot be read, is none, or found nothing
     */
    static ReplayFile read(String path, String race, String variant) {
        JsonNode races = tree(path).path(ExploreJson.RACES);
        if (!races.isArray()) {
            throw new InvalidInputException(
                    OPTION + ": \"" + path + "\" is no report of explore: it has no list of races");
        }
        List<Entry> findings = new ArrayList<>();
        for (JsonNode row : races) {
            boolean wanted =
                    isWanted(row.path(ExploreJson.RACE), race) && isWanted(row.path(ExploreJson.VARIANT), variant);
            if (wanted && row.path(ExploreJson.FIRST_SEED).isIntegralNumber()) {
                findings.add(entry(path, row));
            }
        }
        if (findings.isEmpty()) {
            throw new InvalidInputException(
                    OPTION + ": \"" + path + "\" holds nothing that was found" + (race.equals("all")
                            && variant.equals("all") ? "" : " in race " + race + ", variant " + variant));
        }
        return new ReplayFile(findings);
    }

    private static boolean isWanted(JsonNode field, String chosen) {
        return chosen.equals(RaceChoice.ALL) || field.asText().equals(chosen);
    }

    private static Entry entry(String path, JsonNode row) {
        JsonNode choices = row.path(ExploreJson.SHORTEST).path(ExploreJson.CHOICES);
        if (!choices.isArray() || !row.path(ExploreJson.RACE).isTextual()
                || !row.path(ExploreJson.VARIANT).isTextual()) {
            throw new InvalidInputException(
                    OPTION + ": \"" + path + "\" has a finding without race, variant or choices");
        }
        List<String> names = new ArrayList<>();
        choices.forEach(choice -> names.add(choice.asText()));
        return new Entry(row.path(ExploreJson.RACE).asText(), row.path(ExploreJson.VARIANT).asText(),
                row.path(ExploreJson.FIRST_SEED).asLong(), names);
    }

    private static JsonNode tree(String path) {
        try {
            return new ObjectMapper().readTree(Path.of(path).toFile());
        } catch (JsonProcessingException e) {
            throw new InvalidInputException(OPTION + ": \"" + path + "\" is no JSON: " + e.getOriginalMessage(), e);
        } catch (InvalidPathException | IOException e) {
            throw new InvalidInputException(OPTION + ": cannot read \"" + path + "\": " + e.getMessage(), e);
        }
    }
}
