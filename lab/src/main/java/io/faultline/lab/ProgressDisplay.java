package io.faultline.lab;

import java.io.PrintStream;

import io.faultline.machine.RunProgress;
import io.faultline.time.NanoClock;
import io.faultline.units.Counts;
import io.faultline.units.Durations;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Shows on standard error how far a run is: as a bar on a terminal, else as a line every few seconds. Asks the run to stop
 * when its time is over. Called by one thread at a time.
 */
final class ProgressDisplay implements RunProgress, AutoCloseable {
    /** A run that ends sooner stays silent in a log. */
    private static final long LINE_EVERY_NANOS = 5_000_000_000L;

    private static final int BAR_UPDATE_MILLIS = 200;
    private static final int TERMINAL_COLUMNS = 80;

    private final PrintStream err;
    private final String task;
    private final long durationNanos;
    private final NanoClock clock;
    private final @Nullable ProgressBar bar;
    private boolean began;
    private long beganNanos;
    private long nextLineNanos = LINE_EVERY_NANOS;

    private ProgressDisplay(PrintStream err, String task, long durationNanos, NanoClock clock,
            @Nullable ProgressBar bar) {
        this.err = err;
        this.task = task;
        this.durationNanos = durationNanos;
        this.clock = clock;
        this.bar = bar;
    }

    /**
     * Starts to show a run.
     *
     * @param console its standard error is written to
     * @param task the run's name
     * @param durationNanos after which the run is asked to stop; 0 for never
     * @param clock of the world on the wall
     */
    static ProgressDisplay on(Console console, String task, long durationNanos, NanoClock clock) {
        return new ProgressDisplay(console.err(), task, durationNanos, clock,
                console.errIsTerminal() ? bar(console.err(), task) : null);
    }

    private static ProgressBar bar(PrintStream err, String task) {
        return new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(-1)
                .setRenderer(new BarRenderer())
                .clearDisplayOnFinish()
                .setUpdateIntervalMillis(BAR_UPDATE_MILLIS)
                .setMaxRenderedLength(TERMINAL_COLUMNS)
                .setConsumer(new ConsoleProgressBarConsumer(err, TERMINAL_COLUMNS))
                .build();
    }

    @Override
    public void advanced(long accessesDone, long accessesPlanned, long faultsResolved, long vcpusHalted) {
        String figures = Counts.compact((double) faultsResolved) + " faults, " + Counts.compact((double) vcpusHalted)
                + " halted";
        long elapsedNanos = elapsedNanos();
        if (bar != null) {
            boolean byTime = durationNanos > 0;
            bar.maxHint(byTime ? durationNanos : accessesPlanned);
            bar.stepTo(byTime ? Math.min(elapsedNanos, durationNanos) : accessesDone);
            bar.setExtraMessage(figures);
            return;
        }
        if (elapsedNanos >= nextLineNanos) {
            nextLineNanos = elapsedNanos + LINE_EVERY_NANOS;
            err.println(task + ": " + Durations.format(elapsedNanos) + ", "
                    + (durationNanos > 0 ? Counts.compact((double) accessesDone) + " accesses"
                            : Counts.percent((double) accessesDone, (double) accessesPlanned) + " of the accesses")
                    + ", " + figures);
        }
    }

    /** Since the run first told of itself: what came before was the machine's building, which is not its time. */
    private long elapsedNanos() {
        long nowNanos = clock.nanos();
        if (!began) {
            began = true;
            beganNanos = nowNanos;
        }
        return nowNanos - beganNanos;
    }

    @Override
    public boolean stopRequested() {
        return durationNanos > 0 && elapsedNanos() >= durationNanos;
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
