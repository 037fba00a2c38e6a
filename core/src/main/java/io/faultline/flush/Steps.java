package io.faultline.flush;

/**
 * Something that offers its pending steps and runs the one that is picked: the virtual world's loop, a scripted race, a
 * test's harness. Whoever picks decides the interleaving; everything else is determined.
 *
 * <p>Not thread-safe.
 */
public interface Steps {
    /** {@return how many steps could run now; 0 means the end} */
    int pending();

    /**
     * Tells whose step it is: steps with the same owner happen in the order offered when nobody reorders them. Schedules
     * that give priorities give them to owners.
     *
     * @param index from 0, below {@link #pending}
     * @return a number that stays the owner's
     */
    int owner(int index);

    /**
     * Says what the step would do, for a trace that people read.
     *
     * @param index from 0, below {@link #pending}
     * @return a few words
     */
    String describe(int index);

    /**
     * Runs a step. Afterwards the offer is a new one.
     *
     * @param index from 0, below {@link #pending}
     */
    void run(int index);
}
