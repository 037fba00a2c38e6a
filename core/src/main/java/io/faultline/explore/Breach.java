package io.faultline.explore;

/**
 * An invariant that did not hold.
 *
 * @param invariant its name: a few words that say what must hold
 * @param what happened instead
 */
public record Breach(String invariant, String what) {
    /** At the end of every run nothing waits any more, but for background scripts. */
    public static final String NOBODY_WAITS = "nobody waits for ever";

    /** At the end of every run nobody repeats an attempt that nothing can make succeed any more. */
    public static final String NOBODY_TRIES = "nobody tries for ever";

    /** No step throws. */
    public static final String NO_STEP_FAILS = "no step fails";

    /** Every run has an end. */
    public static final String IT_ENDS = "the run ends";

    @Override
    public String toString() {
        return invariant + ": " + what;
    }
}
