package io.faultline.actors;

/**
 * Tells actors that crash now and then, which are replaced, from one that crashes whatever is done: its replacements
 * would be given the same work for ever. Not thread-safe: the machine owns it.
 */
final class CrashLimit {
    /** Crashes in a row, without anything served in between, after which replacing is given up. */
    static final int CRASHES = 64;

    private int inARow;
    private long lastServed = -1;

    /**
     * Counts one more crash.
     *
     * @param served
     *            faults served so far
     * @return whether there is no hope left
     */
    boolean isReached(long served) {
        inARow = served == lastServed ? inARow + 1 : 1;
        lastServed = served;
        return inARow > CRASHES;
    }
}
