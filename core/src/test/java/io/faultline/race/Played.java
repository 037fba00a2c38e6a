package io.faultline.race;

import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

import io.faultline.explore.Breach;
import io.faultline.explore.Explorer;
import io.faultline.explore.Happening;
import io.faultline.explore.Performance;
import io.faultline.explore.Scenario;
import io.faultline.explore.Stage;
import io.faultline.explore.Variant;
import io.faultline.flush.FlushPolicies;
import io.faultline.schedule.Schedule;

/** A script under test, played once: first come, first served. */
final class Played {
    private static final String OVER = "it was played to its end";

    private final Performance run;

    private Played(Performance run) {
        this.run = run;
    }

    static Played under(String policy, Consumer<Race> script) {
        Scenario scenario = new Scenario() {
            @Override
            public String name() {
                return "test";
            }

            @Override
            public String description() {
                return "";
            }

            @Override
            public void play(Stage stage, Variant variant) {
                script.accept(new Race(stage, FlushPolicies.parse(policy)));
                stage.atEnd(OVER, () -> "so it is shown");
            }
        };
        var finding = new Explorer(Schedule.fifo()).explore(scenario, Variant.FIXED, 1, 1).finding();
        return new Played(Objects.requireNonNull(finding).found());
    }

    /** The invariant that broke, or nothing. */
    String broken() {
        Breach breach = Objects.requireNonNull(run.breach());
        return breach.invariant().equals(OVER) ? "" : breach.toString();
    }

    /** What came of the steps, in order. */
    List<String> steps() {
        return run.happenings().stream().map(Happening::toString).toList();
    }

    /** What came of a step that was made once. */
    String noteOf(String what) {
        List<Happening> made = run.happenings().stream().filter(step -> step.what().equals(what)).toList();
        if (made.size() != 1) {
            throw new AssertionError("\"" + what + "\" was made " + made.size() + " times in " + steps());
        }
        return made.getFirst().note();
    }
}
