package io.faultline.schedule;

import java.util.Arrays;
import java.util.function.Predicate;

/**
 * Makes a log that shows something shorter and plainer while it still shows it: cuts its end, takes parts out, turns
 * parts into first come, first served; halves at first, then ever smaller parts, down to single choices, as delta
 * debugging does (Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", TSE 2002).
 */
public final class Shortening {
    private final Predicate<ChoiceLog> stillShows;
    private int[] best;
    private int attemptsLeft;

    private Shortening(int[] log, int attempts, Predicate<ChoiceLog> stillShows) {
        this.best = log;
        this.attemptsLeft = attempts;
        this.stillShows = stillShows;
    }

    /**
     * Shortens. Whatever is returned has been tried and shows what is sought, or is the log itself.
     *
     * @param log shows what is sought; is not changed
     * @param attempts how many shorter ones to try at most
     * @param stillShows runs a log (see {@link Schedule#replay}) and tells whether it shows the same thing
     * @return the shortest found: no more choices and no more deviations than the log has
     */
    public static ChoiceLog shorten(ChoiceLog log, int attempts, Predicate<ChoiceLog> stillShows) {
        var shortening = new Shortening(withoutEnd(log.toArray()), attempts, stillShows);
        shortening.run();
        return ChoiceLog.of(shortening.best);
    }

    private void run() {
        boolean shorter = true;
        while (shorter && attemptsLeft > 0) {
            shorter = false;
            for (int part = Math.max(1, best.length / 2); part >= 1; part /= 2) {
                shorter |= tryParts(part);
            }
            shorter |= tryLower();
        }
    }

    /** From the end: what comes late depends on what came before, so it is the likelier to be needless. */
    private boolean tryParts(int part) {
        boolean shorter = false;
        int end = best.length;
        while (end > 0 && attemptsLeft > 0) {
            int begin = Math.max(0, end - part);
            if (tryInstead(without(begin, end)) || (deviates(begin, end) && tryInstead(inOrder(begin, end)))) {
                shorter = true;
            }
            end = Math.min(begin, best.length);
        }
        return shorter;
    }

    /** Takes the second oldest instead of a younger one. */
    private boolean tryLower() {
        boolean shorter = false;
        for (int index = 0; index < best.length && attemptsLeft > 0; index++) {
            if (best[index] > 1) {
                int[] lower = best.clone();
                lower[index] = 1;
                shorter |= tryInstead(lower);
            }
        }
        return shorter;
    }

    private boolean tryInstead(int[] choices) {
        if (attemptsLeft == 0) {
            return false;
        }
        attemptsLeft--;
        int[] candidate = withoutEnd(choices);
        if (!stillShows.test(ChoiceLog.of(candidate))) {
            return false;
        }
        best = candidate;
        return true;
    }

    private int[] without(int begin, int end) {
        int[] rest = new int[best.length - (end - begin)];
        System.arraycopy(best, 0, rest, 0, begin);
        System.arraycopy(best, end, rest, begin, best.length - end);
        return rest;
    }

    private int[] inOrder(int begin, int end) {
        int[] choices = best.clone();
        Arrays.fill(choices, begin, end, 0);
        return choices;
    }

    private boolean deviates(int begin, int end) {
        for (int index = begin; index < end; index++) {
            if (best[index] != 0) {
                return true;
            }
        }
        return false;
    }

    /** Behind its last deviation a log says what happens without it. */
    private static int[] withoutEnd(int[] choices) {
        int length = choices.length;
        while (length > 0 && choices[length - 1] == 0) {
            length--;
        }
        return Arrays.copyOf(choices, length);
    }
}
