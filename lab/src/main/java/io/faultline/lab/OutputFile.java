package io.faultline.lab;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

import io.faultline.registry.InvalidInputException;
import org.jspecify.annotations.Nullable;

/**
 * A file that a command writes, which is there whole or not at all: it is written beside its place and moved there.
 * Whether that will do is found out when this is made, before any work, and leaves nothing behind. A pipe, a terminal or
 * /dev/null is written to and never replaced.
 *
 * @param path where symbolic links end, or the device as the user named it
 * @param device whether it is one
 */
record OutputFile(Path path, boolean device) {
    private static final int BUFFER_BYTES = 1 << 16;

    /**
     * Tries a file.
     *
     * @param option whose value it is, for messages
     * @param text as the user wrote it
     * @throws InvalidInputException when the file could not be written
     */
    static OutputFile of(String option, String text) {
        try {
            return writable(Path.of(text).toAbsolutePath());
        } catch (InvalidPathException | IOException e) {
            throw new InvalidInputException(option + ": cannot write \"" + text + "\": " + reason(e), e);
        }
    }

    private static OutputFile writable(Path file) throws IOException {
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
            return new OutputFile(file, true); // Not opened to try it: a pipe's reader would take the close for the end.
        }
        // A link stays a link: what it points to is replaced.
        return new OutputFile(Files.exists(file) ? file.toRealPath() : file, false).probed();
    }

    /** Permissions say too little (a full disk, a read-only file system, a name too long), so it really tries. */
    private OutputFile probed() throws IOException {
        Files.createFile(part());
        Files.delete(part());
        return this;
    }

    private static String reason(Exception e) {
        return e instanceof FileSystemException refused && refused.getReason() != null
                ? refused.getReason()
                : String.valueOf(e.getMessage());
    }

    private Path part() {
        return path.resolveSibling("." + path.getFileName() + "." + ProcessHandle.current().pid() + ".part");
    }

    /**
     * Begins to write. Close it in any case: what was not kept is gone then.
     *
     * @throws IOException when the file cannot be written after all
     */
    Writing begin() throws IOException {
        return device
                ? new Writing(Files.newOutputStream(path, StandardOpenOption.WRITE), null)
                : new Writing(Files.newOutputStream(part(), StandardOpenOption.CREATE_NEW), part());
    }

    /** A file being written. */
    final class Writing implements AutoCloseable {
        private final OutputStream stream;
        private final @Nullable Path part;

        private Writing(OutputStream stream, @Nullable Path part) {
            this.stream = new BufferedOutputStream(stream, BUFFER_BYTES);
            this.part = part;
        }

        /** Where to write; buffered. */
        OutputStream stream() {
            return stream;
        }

        /**
         * Puts what was written into its place.
         *
         * @throws IOException when that fails; then nothing is in its place that was not there before
         */
        void keep() throws IOException {
            stream.close();
            if (part != null) {
                Files.move(part, path, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            }
        }

        @Override
        public void close() throws IOException {
            stream.close();
            if (part != null) {
                Files.deleteIfExists(part);
            }
        }
    }
}
