package io.faultline.schedule;

import java.util.Arrays;

import io.faultline.time.SplitMix;

/**
 * The priorities of PCT: Burckhardt, Kothari, Musuvathi and Nagarakatte, "A Randomized Scheduler with Probabilistic
 * Guarantees of Finding Bugs", ASPLOS 2010.
 *
 * <p>Every actor gets a random priority when it is first seen, and the one with the highest always goes on. At
 * {@code depth - 1} steps, drawn beforehand from the {@code steps} a run is expected to take, whoever would make that
 * step falls to a priority below all of the random ones. A bug that shows whenever {@code depth} orderings between two
 * steps hold is found by one run with a probability of at least {@code 1 / (n * k^(depth - 1))}, where n is the number
 * of actors and k is {@code steps}, provided that the run takes no more of them.
 *
 * <p>The paper deals n priorities out before the run. Drawing one of 2^62 for each newcomer gives every order of the
 * actors the same probability too (but for two that draw the same number) and need not know n.
 */
public final class PctPriorities {
    /** Added to every priority of a newcomer: the lowered ones, 1 to depth - 1, stay below. */
    private static final long NEWCOMERS = 1L << 62;

    private final SplitMix random;
    /** The steps at which someone falls, ascending, and how low. */
    private final long[] changeSteps;
    private final int[] lowered;
    private int nextChange;
    private long step;

    /**
     * Draws the change points.
     *
     * @param depth at least 1
     * @param steps how many a run is expected to take, at least 1
     * @param random whose numbers are drawn, here and for newcomers
     */
    public PctPriorities(int depth, long steps, SplitMix random) {
        this.random = random;
        record Change(long step, int priority) {}
        var changes = new Change[depth - 1];
        for (int i = 0; i < changes.length; i++) {
            // Which of the changes comes first in time is drawn too: the guarantee needs every order of the lowered.
            changes[i] = new Change(Math.unsignedMultiplyHigh(random.nextLong(), steps), i + 1);
        }
        Arrays.sort(changes, (a, b) -> Long.compare(a.step, b.step));
        this.changeSteps = Arrays.stream(changes).mapToLong(Change::step).toArray();
        this.lowered = Arrays.stream(changes).mapToInt(Change::priority).toArray();
    }

    /** {@return a priority for an actor seen for the first time} */
    public long newcomer() {
        return NEWCOMERS + (random.nextLong() >>> 2);
    }

    /**
     * Begins the next step.
     *
     * @return the priority to which whoever would make this step falls before it is decided who makes it; 0 at the steps
     *     where nobody does
     */
    public int nextStep() {
        long now = step++;
        int priority = 0;
        while (nextChange < changeSteps.length && changeSteps[nextChange] == now) {
            priority = lowered[nextChange++];
        }
        return priority;
    }
}
