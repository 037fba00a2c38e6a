package io.faultline.lab.sweep;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.faultline.registry.InvalidInputException;

/**
 * A sweep written down: HOCON with a key for each {@link PlanKey}, its value a text as on the command line or a list of
 * such texts.
 *
 * @param text the whole file, with its comments
 * @param settings those it has
 */
public record PlanFile(String text, Map<PlanKey, Setting> settings) {
    /**
     * Reads one.
     *
     * @param option whose value the name is, for messages
     * @param name of the file
     * @throws InvalidInputException saying in which line something is wrong
     */
    public static PlanFile read(String option, String name) {
        String text;
        try {
            text = Files.readString(Path.of(name));
        } catch (MalformedInputException e) {
            throw new InvalidInputException(option + ": \"" + name + "\" is not text in UTF-8", e);
        } catch (IOException | InvalidPathException e) {
            throw new InvalidInputException(option + ": cannot read \"" + name + "\": " + reason(name), e);
        }
        try {
            return new PlanFile(text, settings(name, ConfigFactory.parseString(text).resolve()));
        } catch (ConfigException e) {
            throw new InvalidInputException(option + ": \"" + name + "\" is no valid HOCON: " + e.getMessage(), e);
        }
    }

    private static String reason(String name) {
        try {
            return Files.isDirectory(Path.of(name)) ? "it is a directory" : "there is no such file";
        } catch (InvalidPathException e) {
            return "no file can have that name";
        }
    }

    private static Map<PlanKey, Setting> settings(String name, Config config) {
        Map<PlanKey, Setting> settings = new EnumMap<>(PlanKey.class);
        for (Map.Entry<String, ConfigValue> entry : config.root().entrySet()) {
            String where = name + ", line " + entry.getValue().origin().lineNumber();
            PlanKey key = PlanKey.of(entry.getKey())
                    .orElseThrow(() -> new InvalidInputException(
                            where + ": the key \"" + entry.getKey() + "\" is unknown: known are " + PlanKey.known()));
            settings.put(key, new Setting(where + ": " + key.key(), text(where, key, entry.getValue())));
        }
        return settings;
    }

    private static String text(String where, PlanKey key, ConfigValue value) {
        if (value instanceof ConfigList list) {
            return list.stream().map(each -> text(where, key, each)).collect(Collectors.joining(","));
        }
        if (value.valueType() == ConfigValueType.STRING || value.valueType() == ConfigValueType.NUMBER) {
            return String.valueOf(value.unwrapped());
        }
        throw new InvalidInputException(where + ": " + key.key() + " must be a text, a number or a list of these");
    }
}
