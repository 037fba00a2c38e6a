package io.faultline.lab.sweep;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

import io.faultline.registry.InvalidInputException;

/** What was run of a sweep, kept where a killed process cannot take it along. Not thread-safe. */
public sealed interface SweepJournal extends AutoCloseable permits FileJournal, NoJournal {
    /** {@return what was run before, by the point's index, the earliest run first} */
    Map<Integer, SweepRun> runs();

    /**
     * Adds a run. When this returns, it is kept.
     *
     * @throws IOException when it could not be
     */
    void append(SweepRun run) throws IOException;

    /** {@return where it is, for messages} */
    String path();

    /**
     * The sweep's results have been written: it is needed no more.
     *
     * @throws IOException when it could not be removed
     */
    void delete() throws IOException;

    @Override
    void close() throws IOException;

    /** {@return one that keeps nothing} */
    static SweepJournal none() {
        return new NoJournal();
    }

    /**
     * Opens the journal of a sweep, or begins it.
     *
     * @param path where
     * @param matrix whose
     * @return with what was run before
     * @throws InvalidInputException when it is another sweep's, or somebody is writing to it, or it is damaged
     * @throws IOException when it could not be read or written
     */
    static SweepJournal open(Path path, SweepMatrix matrix) throws IOException {
        return FileJournal.open(path, matrix);
    }
}
