package io.faultline.lab;

import java.time.Duration;
import java.util.Locale;

import io.faultline.units.Durations;
import me.tongfei.progressbar.ProgressBarRenderer;
import me.tongfei.progressbar.ProgressState;

/** A progress bar's line: the task, a bar, how much is done, the figures of the moment, and about how long is left. */
final class BarRenderer implements ProgressBarRenderer {
    private static final int BAR_COLUMNS = 20;

    /** Before this much is done, the time left would be a guess. */
    private static final double ESTIMATE_FROM = 0.02;

    @Override
    public String render(ProgressState progress, int columns) {
        double done = progress.isIndefinite() ? 0 : Math.clamp(progress.getNormalizedProgress(), 0.0, 1.0);
        String line = progress.getTaskName() + " " + Bars.bar(Math.round(done * 1000), 1000, BAR_COLUMNS)
                + String.format(Locale.ROOT, " %3.0f %%  ", Math.floor(100 * done)) + progress.getExtraMessage()
                + left(done, progress.getElapsedAfterStart());
        return line.length() <= columns ? line : line.substring(0, columns);
    }

    private static String left(double done, Duration elapsed) {
        if (done < ESTIMATE_FROM) {
            return "";
        }
        return ", " + Durations.format((long) (elapsed.toNanos() * (1 - done) / done)) + " left";
    }
}
