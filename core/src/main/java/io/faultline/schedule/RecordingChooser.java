package io.faultline.schedule;

import java.util.function.IntUnaryOperator;

/** Writes down what another chooser says, where there is a choice. */
final class RecordingChooser implements Chooser {
    private final Chooser chooser;
    private final ChoiceLog log;

    RecordingChooser(Chooser chooser, ChoiceLog log) {
        this.chooser = chooser;
        this.log = log;
        log.clear();
    }

    @Override
    public int choose(int count, IntUnaryOperator owner) {
        int chosen = chooser.choose(count, owner);
        if (count > 1) {
            log.add(chosen);
        }
        return chosen;
    }
}
