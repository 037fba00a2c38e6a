package io.faultline.lab;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

import io.faultline.explore.Exploration;
import io.faultline.explore.Finding;
import io.faultline.explore.Performance;
import io.faultline.explore.SwimLanes;
import io.faultline.units.Counts;

/** What {@code explore} tells people. */
final class ExploreText {
    private final PrintStream out;

    ExploreText(PrintStream out) {
        this.out = out;
    }

    /** Tells of one variant, as soon as it was explored. */
    void explored(RaceChoice race, Exploration exploration, String schedule) {
        Finding finding = exploration.finding();
        if (finding == null) {
            out.println(title(race) + "holds under " + seeds(exploration.seeds()));
            return;
        }
        out.println();
        out.println(title(race) + "seed " + finding.seed() + " breaks \"" + finding.breach().invariant() + "\"");
        lanes(finding.shortest());
        out.println("shortened from " + size(finding.found()) + "; again with");
        out.println("  ./faultline explore --race " + race.name() + " --variant " + race.variant() + " --schedule "
                + schedule
                + " --seed " + finding.seed() + " --seeds 1");
        out.println();
    }

    /** Tells of a schedule that was played again. */
    void replayed(RaceChoice race, long seed, Performance run) {
        out.println();
        out.println(title(race) + "what seed " + seed + " found, played again, "
                + (run.breach() == null ? "breaks nothing now" : "breaks \"" + run.breach().invariant() + "\""));
        lanes(run);
        out.println();
    }

    private static String title(RaceChoice race) {
        return race.name() + ", " + race.variant() + ": ";
    }

    private void lanes(Performance run) {
        out.println("in " + size(run) + ":");
        out.println();
        SwimLanes.of(run).forEach(out::println);
        out.println();
    }

    private static String size(Performance run) {
        return run.steps() + " steps with " + run.switches() + " changes of lane";
    }

    private static String seeds(int count) {
        return count == 1 ? "1 seed" : Counts.format(count) + " seeds";
    }

    /** Tells all there was, a row each. */
    void summary(List<RaceChoice> races, List<Exploration> explorations) {
        int width = Math.max(4, races.stream().mapToInt(race -> race.name().length()).max().orElse(0));
        String row = "%-" + width + "s  %-7s  %9s  %10s  %s%n";
        out.println();
        out.printf(Locale.ROOT, row.replace("%n", "\n"), "race", "variant", "seeds", "first seed", "invariant");
        for (int index = 0; index < races.size(); index++) {
            Exploration exploration = explorations.get(index);
            Finding finding = exploration.finding();
            out.printf(
                    Locale.ROOT,
                    row.replace("%n", "\n"),
                    races.get(index).name(),
                    races.get(index).variant(),
                    Counts.format(exploration.seeds()),
                    finding == null ? "-" : finding.seed(),
                    finding == null ? "holds" : finding.breach().invariant());
        }
    }
}
