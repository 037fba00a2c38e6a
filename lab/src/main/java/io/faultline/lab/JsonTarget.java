package io.faultline.lab;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

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
        try {
            return writable(Path.of(text).toAbsolutePath());
        } catch (InvalidPathException | IOException e) {
            throw new InvalidInputException(option + ": cannot write \"" + text + "\": " + reason(e), e);
        }
    }

    private static JsonTarget writable(Path file) throws IOException {
        Path folder = file.getParent();
        if (Files.isDirectory(file) || folder == null) {
            throw new IOException("it is a directory");
        }
        if (!Files.isDirectory(folder)) {
            throw new IOException("there is no directory " + folder);
        }
        if (Files.exists(file) && !Files.isWritable(file)) {
            throw new IOException("it is write-protected");
        }
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            return new ToDevice(file); // Not opened to try it: whoever reads a pipe would take the close for the end.
        }
        // A link stays a link: what it points to is replaced.
        return new ToFile(Files.exists(file) ? file.toRealPath() : file).probed();
    }

    private static String reason(Exception e) {
        return e instanceof FileSystemException refused && refused.getReason() != null
                ? refused.getReason()
                : String.valueOf(e.getMessage());
    }

    /**
     * Writes.
     *
     * @param json the whole text
     * @param out standard output
     * @throws IOException when the file could not be written after all
     */
    void write(String json, PrintStream out) throws IOException;

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
     * A pipe, a terminal, /dev/null: to be written to, never to be replaced.
     *
     * @param device as the user named it
     */
    record ToDevice(Path device) implements JsonTarget {
        @Override
        public void write(String json, PrintStream out) throws IOException {
            Files.writeString(device, json, StandardOpenOption.WRITE);
        }
    }

    /**
     * A file, written beside its place and moved there.
     *
     * @param file where symbolic links end
     */
    record ToFile(Path file) implements JsonTarget {
        @Override
        public void write(String json, PrintStream out) throws IOException {
            Path part = part();
            try {
                Files.writeString(part, json, StandardOpenOption.CREATE_NEW);
                Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(part);
            }
        }

        /** Permissions say too little (a full disk, a read-only file system, a name too long), so it really tries. */
        private ToFile probed() throws IOException {
            Files.createFile(part());
            Files.delete(part());
            return this;
        }

        private Path part() {
            return file.resolveSibling("." + file.getFileName() + "." + ProcessHandle.current().pid() + ".part");
        }
    }
}
