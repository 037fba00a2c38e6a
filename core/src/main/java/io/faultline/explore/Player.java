package io.faultline.explore;

import java.util.List;

import io.faultline.registry.InvalidInputException;
import io.faultline.schedule.Chooser;

/** Plays one variant of a scenario, run by run. */
final class Player {
    /** A scenario is small; what takes more steps goes round in circles. */
    static final int STEPS_MAX = 10_000;

    private final Scenario scenario;
    private final Variant variant;

    Player(Scenario scenario, Variant variant) {
        this.scenario = scenario;
        this.variant = variant;
    }

    /** Plays until nothing is pending, or something broke. */
    Performance play(Chooser chooser) {
        return play(stage -> chooser.choose(stage.pending(), stage::owner));
    }

    /**
     * Plays a schedule that need not fit: what is not pending in its turn is passed over, and after the end whoever was last
     * goes on as long as possible, then whoever has waited longest.
     *
     * @param sources of the steps, by number
     */
    Performance playRoughly(int[] sources) {
        return play(new RoughSchedule(sources));
    }

    private Performance play(Picker picker) {
        Stage stage = begin();
        while (stage.pending() > 0) {
            if (stage.stepsMade() == STEPS_MAX) {
                stage.violated(Breach.IT_ENDS, "no end after " + STEPS_MAX + " steps");
            } else {
                stage.run(picker.pick(stage));
            }
        }
        return end(stage);
    }

    /**
     * Plays exactly this schedule.
     *
     * @param sources of the steps, by name
     * @throws InvalidInputException when it does not fit the scenario
     */
    Performance playExactly(List<String> sources) {
        Stage stage = begin();
        for (int step = 0; step < sources.size(); step++) {
            int index = stage.indexOf(stage.numberOf(sources.get(step)));
            if (index < 0 || stage.pending() == 0) {
                throw new InvalidInputException(
                        "the schedule does not fit " + scenario.name() + ", " + variant + ": step "
                                + (step + 1) + " is one of \"" + sources.get(step) + "\", but pending are "
                                + stage.pendingNames());
            }
            stage.run(index);
        }
        if (stage.pending() > 0) {
            throw new InvalidInputException(
                    "the schedule does not fit " + scenario.name() + ", " + variant + ": after its "
                            + sources.size() + " steps, pending are " + stage.pendingNames());
        }
        return end(stage);
    }

    private Stage begin() {
        Stage stage = new Stage();
        scenario.play(stage, variant);
        stage.begin();
        return stage;
    }

    private static Performance end(Stage stage) {
        stage.end();
        return stage.performance();
    }

    /** Says which of the pending steps comes next. */
    private interface Picker {
        int pick(Stage stage);
    }

    private static final class RoughSchedule implements Picker {
        private final int[] sources;
        private int next;
        private int last = -1;

        RoughSchedule(int[] sources) {
            this.sources = sources;
        }

        @Override
        public int pick(Stage stage) {
            int index = -1;
            while (index < 0 && next < sources.length) {
                index = stage.indexOf(sources[next++]);
            }
            if (index < 0) {
                index = Math.max(0, stage.indexOf(last));
            }
            last = stage.owner(index);
            return index;
        }
    }
}
