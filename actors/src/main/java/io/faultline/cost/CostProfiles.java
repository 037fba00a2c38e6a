package io.faultline.cost;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import io.faultline.registry.InvalidInputException;
import io.faultline.registry.Registration;
import io.faultline.registry.Registry;

/** The cost profiles there are: those that come with Faultline, by name, and anybody's own, by file. */
public final class CostProfiles {
    /** What does not end in {@code .conf} or hold a slash is meant as a name. */
    private static final String FILE_SUFFIX = ".conf";

    private static final List<String> SHIPPED =
            List.of("bare-2s16c", "bare-8s120c", "bare-256c", "guest-zen4-2vcpu", "guest-80vcpu");

    private CostProfiles() {}

    /** {@return those that come with Faultline; each is read, and checked, when it is asked for} */
    public static Registry<CostProfile> registry() {
        return new Registry<>("cost profile", SHIPPED.stream()
                .map(CostProfiles::shipped)
                .map(profile -> Registration.plain(profile.name(), profile.description(), profile))
                .toList());
    }

    /**
     * The profile of that name, or the one in that file.
     *
     * @param nameOrFile a name as {@link #registry} has it, or the path of a HOCON file: one that ends in
     *     {@code .conf}, or holds a slash
     * @return the profile
     * @throws InvalidInputException when there is none, or a cost in it is missing, unknown or wrong
     */
    public static CostProfile of(String nameOrFile) {
        boolean isFile = nameOrFile.endsWith(FILE_SUFFIX) || nameOrFile.contains("/");
        return isFile ? read(Path.of(nameOrFile)) : named(nameOrFile);
    }

    /**
     * A profile of one's own.
     *
     * @param file in HOCON; docs/worlds.md says what it holds
     * @return the profile
     * @throws InvalidInputException when it cannot be read, or a cost in it is missing, unknown or wrong
     */
    public static CostProfile read(Path file) {
        if (!Files.isReadable(file)) {
            throw new InvalidInputException("cost profile " + file + ": there is no such file, or it cannot be read");
        }
        try {
            return new CostReader(file.toString(), ConfigFactory.parseFile(file.toFile()).resolve()).read();
        } catch (ConfigException failure) {
            throw new InvalidInputException("cost profile " + file + " is no valid HOCON: " + failure.getMessage(),
                    failure);
        }
    }

    static CostProfile named(String name) {
        if (!SHIPPED.contains(name)) {
            throw new InvalidInputException("unknown cost profile \"" + name + "\": known are "
                    + String.join(", ", SHIPPED) + "; a file's name ends in " + FILE_SUFFIX + " or holds a slash");
        }
        return shipped(name);
    }

    private static CostProfile shipped(String name) {
        ConfigParseOptions strictly =
                ConfigParseOptions.defaults()
                        .setAllowMissing(false)
                        .setClassLoader(CostProfiles.class.getClassLoader());
        var config = ConfigFactory.parseResources("io/faultline/cost/" + name + FILE_SUFFIX, strictly).resolve();
        return new CostReader(name, config).read();
    }
}
