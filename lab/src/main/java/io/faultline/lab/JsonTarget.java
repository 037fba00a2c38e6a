package io.faultline.lab;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

import io.faultline.registry.InvalidInputException;
import org.jspecify.annotations.Nullable;

/**
 * Where a command's JSON goes: nowhere, to standard output, or to a file, which is there whole or not at all. Whether the
 * file can be written is found out when the target is made, before any work, and leaves nothing behind.
 */
public sealed interface JsonTarget {
    /**
     * Reads the option's value and tries the file.
     *
     * @param option its name, for messages
     * @param text null for nowhere, {@code -} for standard output, else a file
     * @throws InvalidInputException when the file could not be written
     */
    static JsonTarget of(String option, @Nullable String text) {
        if (text == null) {
            return new Nowhere();
        }
        if (text.equals("-")) {
            return new StandardOutput();
        }
        return new ToFile(OutputFile.of(option, text));
    }

    /**
     * Writes.
     *
     * @param json the whole text
     * @param out standard output
     * @throws IOException when the file could not be written after all
     */
    void write(String json, PrintStream out) throws IOException;

    /** The file, if it is one. */
    default @Nullable OutputFile file() {
        return null;
    }

    /** Where the text for people goes, so that standard output holds nothing but JSON. */
    default PrintStream summaryStream(Console console) {
        return console.out();
    }

    /** Not asked for. */
    record Nowhere() implements JsonTarget {
        @Override
        public void write(String json, PrintStream out) {
            // Nobody asked.
        }
    }

    /** Standard output. */
    record StandardOutput() implements JsonTarget {
        @Override
        public void write(String json, PrintStream out) {
            out.print(json);
            out.flush();
        }

        @Override
        public PrintStream summaryStream(Console console) {
            return console.err();
        }
    }

    /**
     * A file or a device.
     *
     * @param file found to be writable
     */
    record ToFile(OutputFile file) implements JsonTarget {
        @Override
        public void write(String json, PrintStream out) throws IOException {
            try (OutputFile.Writing writing = file.begin()) {
                writing.stream().write(json.getBytes(StandardCharsets.UTF_8));
                writing.keep();
            }
        }
    }
}
