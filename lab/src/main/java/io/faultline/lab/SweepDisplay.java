package io.faultline.lab;

import java.io.PrintStream;
import java.util.List;

import io.faultline.lab.sweep.SweepListener;
import io.faultline.lab.sweep.SweepPoint;
import io.faultline.lab.sweep.SweepRun;
import io.faultline.time.NanoClock;
import io.faultline.units.Durations;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Shows on standard error how far a sweep is: as a bar on a terminal, else as a line every few seconds. A run counts as
 * much as its machine has CPUs, so that the time left is about right. Called by one thread at a time.
 */
final class SweepDisplay implements SweepListener, AutoCloseable {
    private static final String TASK = "flush-lab";
    private static final long LINE_EVERY_NANOS = 5_000_000_000L;
    private static final int BAR_UPDATE_MILLIS = 200;
    private static final int TERMINAL_COLUMNS = 80;

    private final PrintStream err;
    private final NanoClock clock;
    private final long beganNanos;
    private final int runs;
    private final long weight;
    private final @Nullable ProgressBar bar;
    private int runsDone;
    private long weightDone;
    private long nextLineNanos = LINE_EVERY_NANOS;

    /**
     * @param console its standard error is written to
     * @param left what is still to be run
     * @param clock on the wall
     */
    SweepDisplay(Console console, List<SweepPoint> left, NanoClock clock) {
        this.err = console.err();
        this.clock = clock;
        this.beganNanos = clock.nanos();
        this.runs = left.size();
        this.weight = left.stream().mapToLong(point -> point.scene().vcpus()).sum();
        this.bar = console.errIsTerminal() ? bar(err, weight) : null;
    }

    private static ProgressBar bar(PrintStream err, long weight) {
        return new ProgressBarBuilder()
                .setTaskName(TASK)
                .setInitialMax(weight)
                .setRenderer(new BarRenderer())
                .clearDisplayOnFinish()
                .setUpdateIntervalMillis(BAR_UPDATE_MILLIS)
                .setMaxRenderedLength(TERMINAL_COLUMNS)
                .setConsumer(new ConsoleProgressBarConsumer(err, TERMINAL_COLUMNS))
                .build();
    }

    @Override
    public void finished(SweepRun run) {
        runsDone++;
        weightDone += run.point().scene().vcpus();
        if (bar != null) {
            bar.stepTo(weightDone);
            bar.setExtraMessage(runsDone + "/" + runs + " runs");
            return;
        }
        long elapsedNanos = clock.nanos() - beganNanos;
        if (elapsedNanos >= nextLineNanos) {
            nextLineNanos = elapsedNanos + LINE_EVERY_NANOS;
            long leftNanos = (long) (elapsedNanos * ((double) (weight - weightDone) / weightDone));
            err.println(TASK + ": " + runsDone + " of " + runs + " runs in " + Durations.format(elapsedNanos)
                    + ", about " + Durations.format(leftNanos) + " left");
        }
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
