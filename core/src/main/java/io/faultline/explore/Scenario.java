package io.faultline.explore;

/**
 * A small play of a race: who does what in which order, what waits for what, and what must hold; once with the bug and
 * once with its fix.
 *
 * <p>{@link #play} is called for each run and builds everything afresh: nothing of a run may be left in the scenario
 * itself. It must be deterministic, as must the steps: no clocks, no chance but the schedule's, no threads.
 */
public interface Scenario {
    /** {@return what it is called by, in lower case, digits and hyphens} */
    String name();

    /** {@return one line about the bug} */
    String description();

    /**
     * Puts the scripts, channels and invariants of one run on the stage.
     *
     * @param stage empty
     * @param variant with the bug, or with its fix
     */
    void play(Stage stage, Variant variant);
}
