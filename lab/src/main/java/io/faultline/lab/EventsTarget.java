package io.faultline.lab;

import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.GZIPOutputStream;

import io.faultline.lab.events.EventsListener;
import io.faultline.machine.MachineListener;
import io.faultline.registry.InvalidInputException;
import org.jspecify.annotations.Nullable;

/**
 * Where the events of a run go: nowhere, or to a file as Trace Event JSON, compressed when its name ends in .gz. Making
 * one tries the file and leaves nothing behind.
 *
 * @param file null for nowhere
 * @param gzip whether to compress
 * @param listener writes once writing has begun; null for nowhere
 */
record EventsTarget(@Nullable OutputFile file, boolean gzip, @Nullable EventsListener listener) {
    /** What a run does while its events are written. */
    @FunctionalInterface
    interface Running<T> {
        T run() throws Exception;
    }

    /**
     * Reads the option's value and tries the file.
     *
     * @param option its name, for messages
     * @param text null for nowhere, else a file
     * @param virtual whether the clock begins at 0
     * @param vcpus how many the machine has
     * @throws InvalidInputException when the file could not be written
     */
    static EventsTarget of(String option, @Nullable String text, boolean virtual, int vcpus) {
        if (text == null) {
            return new EventsTarget(null, false, null);
        }
        return new EventsTarget(OutputFile.of(option, text), text.endsWith(".gz"), new EventsListener(virtual, vcpus));
    }

    /** Who is to hear of what the machine does. */
    MachineListener heard() {
        return listener == null ? MachineListener.NONE : listener;
    }

    /**
     * Runs something and writes its events meanwhile. When it breaks off, there is no file.
     *
     * @throws IOException when the file could not be written after all
     * @throws Exception as what is run
     */
    <T> T around(Running<T> running) throws Exception {
        if (file == null || listener == null) {
            return running.run();
        }
        try (OutputFile.Writing writing = file.begin()) {
            T result;
            try (OutputStream out = gzip ? new GZIPOutputStream(writing.stream(), 1 << 16) : writing.stream()) {
                listener.begin(out);
                result = running.run();
                listener.finish();
            }
            writing.keep();
            return result;
        }
    }
}
