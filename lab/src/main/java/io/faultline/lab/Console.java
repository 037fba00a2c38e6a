package io.faultline.lab;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a command writes to.
 *
 * @param out standard output: results
 * @param err standard error: progress, and what went wrong
 * @param errIsTerminal whether somebody looks at standard error, so that a bar may move on it
 */
public record Console(PrintStream out, PrintStream err, boolean errIsTerminal) {
    private static final Path LINUX_STANDARD_ERROR = Path.of("/proc/self/fd/2");

    /** The process's own; always UTF-8, since a histogram in question marks helps nobody and JSON is nothing else. */
    static Console ofProcess() {
        return new Console(utf8(FileDescriptor.out), utf8(FileDescriptor.err), standardErrorIsTerminal());
    }

    private static PrintStream utf8(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }

    /** Java knows only whether standard input and output both are terminals; Linux knows of each. */
    private static boolean standardErrorIsTerminal() {
        if (Files.isSymbolicLink(LINUX_STANDARD_ERROR)) {
            try {
                Path target = Files.readSymbolicLink(LINUX_STANDARD_ERROR);
                return target.startsWith("/dev/pts") || target.toString().startsWith("/dev/tty");
            } catch (IOException e) {
                return false; // Then nobody gets a bar; lines do as well.
            }
        }
        return Optional.ofNullable(System.console()).map(java.io.Console::isTerminal).orElse(false);
    }
}
