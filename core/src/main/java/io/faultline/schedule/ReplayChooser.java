package io.faultline.schedule;

import java.util.function.IntUnaryOperator;

/**
 * Chooses what a log says. A log that was shortened may name a place there is not: then the newest step is taken, so
 * that every log is a schedule.
 */
final class ReplayChooser implements Chooser {
    private final ChoiceLog log;
    private int next;

    ReplayChooser(ChoiceLog log) {
        this.log = log;
    }

    @Override
    public int choose(int count, IntUnaryOperator owner) {
        if (count == 1 || next == log.size()) {
            return 0;
        }
        return Math.min(log.get(next++), count - 1);
    }
}
