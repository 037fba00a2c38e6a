package io.faultline.lab;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

import io.faultline.registry.InvalidInputException;
import io.faultline.source.ImageFill;
import io.faultline.source.PageSource;
import io.faultline.source.PageSources;
import io.faultline.source.SourceShape;
import io.faultline.source.SourceSpec;

/**
 * Which page source a command's options ask for.
 *
 * @param source opened by each run for itself
 * @param description what it is, for the summary
 * @param shown the options as the report shows them
 */
record ImageChoice(SourceSpec source, String description, Map<String, String> shown) {
    /**
     * Finds what the options ask for: {@code --source}, else {@code --image}, else synthetic contents with tokens, else
     * the one large file that every user has, the running JDK's own modules, repeated.
     *
     * @throws InvalidInputException when they contradict each other
     */
    static ImageChoice of(StressOptions options) {
        boolean imageAsked = options.image != null || options.imageFill != null;
        if (options.source != null) {
            if (imageAsked) {
                throw new InvalidInputException("--source and --image exclude each other: give one of them");
            }
            return source(options.source);
        }
        if (options.image != null) {
            return image(options.image, options.imageFill == null ? "error" : options.imageFill);
        }
        if (options.contents.equals("tokens") && !imageAsked) {
            return source("synthetic");
        }
        Path modules = Path.of(System.getProperty("java.home", ""), "lib", "modules");
        if (!Files.isRegularFile(modules)) {
            throw new InvalidInputException("the default image " + modules
                    + " is not there: give --image FILE or --source synthetic");
        }
        return image(modules.toString(), options.imageFill == null ? "repeat" : options.imageFill);
    }

    private static ImageChoice source(String text) {
        SourceSpec source = OptionValue.of("--source", text, PageSources.registry()::create);
        return new ImageChoice(source, text, Map.of("source", text));
    }

    private static ImageChoice image(String file, String fillName) {
        ImageFill fill = OptionValue.oneOf("--image-fill", fillName, ImageFill.class);
        Map<String, String> shown = new LinkedHashMap<>();
        shown.put("image", file);
        shown.put("image-fill", fillName);
        return new ImageChoice(PageSources.file(path(file), fill), file + " (" + fillName + ")", shown);
    }

    private static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new InvalidInputException("--image: \"" + text + "\" is no path: " + e.getReason(), e);
        }
    }

    /**
     * Opens the source once and closes it again, so that a mistake shows before any work.
     *
     * @throws InvalidInputException when it does not exist, cannot be read or is too short
     */
    void check(SourceShape shape) {
        PageSource opened = source.open(shape);
        opened.close();
    }
}
