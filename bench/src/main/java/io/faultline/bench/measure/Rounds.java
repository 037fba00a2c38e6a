package io.faultline.bench.measure;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.faultline.time.NanoClock;
import io.faultline.units.Counts;

/**
 * Has entrants take turns: in every round each runs once, and every round begins with another one, so that what drifts
 * on the machine meanwhile meets all of them alike.
 */
public final class Rounds {
    /** Runs one entrant in a JVM of its own. */
    @FunctionalInterface
    public interface Runner {
        Measurement run(Entrant entrant) throws ContenderFailedException, InterruptedException;
    }

    private final Runner runner;
    private final NanoClock clock;
    private final PrintStream progress;

    /**
     * @param runner runs one entrant
     * @param clock tells how long rounds take
     * @param progress is told of every result, a line each
     */
    public Rounds(Runner runner, NanoClock clock, PrintStream progress) {
        this.runner = runner;
        this.clock = clock;
        this.progress = progress;
    }

    /**
     * Runs the rounds.
     *
     * @param entrants in the order of the first round
     * @param rounds how many, at least 1
     * @param budgetNanos no round is begun that would not end within it, if it took as long as the longest so far; the
     *        first always is
     * @return for each entrant its measurements, one a round
     * @throws ContenderFailedException as the runner; what was measured is lost, since a table with holes misleads
     * @throws InterruptedException as the runner
     */
    public Map<Entrant, List<Measurement>> run(List<Entrant> entrants, int rounds, long budgetNanos)
            throws ContenderFailedException, InterruptedException {
        Map<Entrant, List<Measurement>> measured = new LinkedHashMap<>();
        entrants.forEach(entrant -> measured.put(entrant, new ArrayList<>()));
        long beganNanos = clock.nanos();
        long longestNanos = 0;
        for (int round = 0; round < rounds; round++) {
            long roundBeganNanos = clock.nanos();
            if (round > 0 && roundBeganNanos - beganNanos + longestNanos > budgetNanos) {
                progress.println("no time for a further round; --rounds " + rounds + " takes it");
                break;
            }
            for (Entrant entrant : inOrderOf(round, entrants)) {
                Measurement measurement = runner.run(entrant);
                measured.getOrDefault(entrant, List.of()).add(measurement);
                progress.println("round " + (round + 1) + " of " + rounds + ": " + entrant.title() + ": "
                        + Counts.compact(measurement.perSecond()) + "/s");
            }
            longestNanos = Math.max(longestNanos, clock.nanos() - roundBeganNanos);
        }
        return measured;
    }

    private static List<Entrant> inOrderOf(int round, List<Entrant> entrants) {
        List<Entrant> rotated = new ArrayList<>(entrants);
        Collections.rotate(rotated, -round);
        return rotated;
    }
}
