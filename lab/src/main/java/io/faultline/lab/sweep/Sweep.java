package io.faultline.lab.sweep;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import io.faultline.registry.InvalidInputException;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** Runs what a plan has and the journal has not, several at once; each run is alone in its own virtual time. */
public final class Sweep {
    private final SweepMatrix matrix;
    private final SweepJournal journal;
    private final SweepListener listener;
    private final @Nullable SweepRun[] runs;

    private Sweep(SweepMatrix matrix, SweepJournal journal, SweepListener listener) {
        this.matrix = matrix;
        this.journal = journal;
        this.listener = listener;
        this.runs = new SweepRun[matrix.points().size()];
    }

    /**
     * Runs a sweep to its end.
     *
     * @param matrix what
     * @param journal has what was run before, and is told what is run now
     * @param parallel how many runs at once, at least 1; makes no difference to what comes out
     * @param listener is told of each run
     * @return one for each point, in the plan's order
     * @throws IOException when the journal could not be written
     * @throws InterruptedException when this thread was interrupted; the journal has what was run
     * @throws InvalidInputException when the journal was written by a version that gives other results
     */
    public static List<SweepRun> run(SweepMatrix matrix, SweepJournal journal, int parallel, SweepListener listener)
            throws IOException, InterruptedException {
        return new Sweep(matrix, journal, listener).run(parallel);
    }

    private List<SweepRun> run(int parallel) throws IOException, InterruptedException {
        Map<Integer, SweepRun> before = journal.runs();
        if (!before.isEmpty()) {
            refuseOtherVersion(before.values().iterator().next());
        }
        before.forEach((index, run) -> runs[index] = run);
        LoggerFactory.getILoggerFactory(); // Threads that all come first would each find it half made, and say so.
        List<Future<?>> pending = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(parallel)) {
            try {
                for (SweepPoint point : matrix.points()) {
                    if (runs[point.index()] == null) {
                        pending.add(threads.submit(() -> {
                            finish(run(matrix, point));
                            return null;
                        }));
                    }
                }
                for (Future<?> each : pending) {
                    each.get();
                }
            } catch (ExecutionException e) {
                throw thrown(e);
            } finally {
                // Not interrupted: an actor system that is ending would wait for ever. A run takes a second at most.
                pending.forEach(each -> each.cancel(false));
            }
        }
        return Arrays.stream(runs).map(Objects::requireNonNull).toList();
    }

    /** What was run before is run again, once: a program that has changed meanwhile would mix two sweeps. */
    private void refuseOtherVersion(SweepRun before) {
        if (!run(matrix, before.point()).equals(before)) {
            throw new InvalidInputException(journal.path() + " was begun by a version that gave another result for \""
                    + before.point().command() + "\": delete it to begin anew");
        }
    }

    private static SweepRun run(SweepMatrix matrix, SweepPoint point) {
        try {
            return new SweepRun(point, matrix.run(point), null);
        } catch (RuntimeException | AssertionError e) {
            return new SweepRun(point, null, oneLine(e));
        }
    }

    /** With its causes: the model names the CPU, the cause says what the policy did. */
    private static String oneLine(Throwable thrown) {
        StringBuilder line = new StringBuilder(String.valueOf(thrown.getMessage()));
        for (Throwable cause = thrown.getCause(); cause != null; cause = cause.getCause()) {
            line.append(": ").append(cause);
        }
        return line.toString().replaceAll("\\s*\\R\\s*", " ");
    }

    private synchronized void finish(SweepRun run) throws IOException {
        journal.append(run);
        runs[run.point().index()] = run;
        listener.finished(run);
    }

    private static IOException thrown(ExecutionException e) throws IOException {
        return switch (e.getCause()) {
            case IOException failed -> failed;
            case Error error -> throw error;
            case null, default -> new IOException("a run could not be finished: " + e.getCause(), e);
        };
    }
}
