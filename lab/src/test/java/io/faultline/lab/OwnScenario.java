package io.faultline.lab;

import io.faultline.explore.Scenario;
import io.faultline.explore.Stage;
import io.faultline.explore.Variant;

/** A race that no registry knows; its fix does not hold. */
public final class OwnScenario implements Scenario {
    @Override
    public String name() {
        return "own";
    }

    @Override
    public String description() {
        return "breaks when b comes before a";
    }

    @Override
    public void play(Stage stage, Variant variant) {
        boolean[] came = {false};
        stage.script("a").step("come", () -> came[0] = true);
        stage.script("b").step("look", () -> {
            if (!came[0]) {
                stage.violated("a comes first", "b does");
            }
        });
    }
}
