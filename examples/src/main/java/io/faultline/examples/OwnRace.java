package io.faultline.examples;

import java.util.ArrayList;
import java.util.List;

import io.faultline.explore.Exploration;
import io.faultline.explore.Explorer;
import io.faultline.explore.Finding;
import io.faultline.explore.SwimLanes;
import io.faultline.explore.Variant;
import io.faultline.schedule.Schedule;

/**
 * Explores a race of one's own, {@link FetchedTwice}, from a program: finds the schedule under which it shows, draws it, and
 * sees that the fix holds under every seed tried.
 */
public final class OwnRace {
    private static final int SEEDS = 2_000;

    private OwnRace() {}

    /** Runs it. */
    public static void main(String[] args) {
        run().forEach(System.out::println);
    }

    static List<String> run() {
        List<String> lines = new ArrayList<>();
        // snippet: explore
        Explorer explorer = new Explorer(Schedule.random());
        for (Variant variant : Variant.values()) {
            Exploration result = explorer.explore(new FetchedTwice(), variant, 1, SEEDS);
            Finding finding = result.finding();
            if (finding == null) {
                lines.add(variant + " holds under " + result.seeds() + " seeds");
            } else {
                lines.add(variant + " breaks under seed " + finding.seed() + ": " + finding.breach());
                lines.addAll(SwimLanes.of(finding.shortest()));
            }
        }
        // end snippet
        return lines;
    }
}
