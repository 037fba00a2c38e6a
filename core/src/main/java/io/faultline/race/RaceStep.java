package io.faultline.race;

import java.util.function.BooleanSupplier;

/**
 * Something a thread does: one step, or several in a row. Made by the objects it is about, and given to
 * {@link RaceThread#does}.
 */
@FunctionalInterface
public interface RaceStep {
    /**
     * Adds itself to what a thread does.
     *
     * @param thread who
     */
    void addTo(RaceThread thread);

    /**
     * A step of the scenario's own.
     *
     * @param what it does, in a few words
     * @param action does it
     * @return the step
     */
    static RaceStep of(String what, Runnable action) {
        return thread -> thread.when(what, () -> true, action);
    }

    /**
     * A step that changes nothing and gives others time: what a thread has to do before it comes to the point.
     *
     * @param what it does, in a few words
     * @return the step
     */
    static RaceStep of(String what) {
        return of(what, () -> {});
    }

    /**
     * A step that waits.
     *
     * @param what for, in a few words
     * @param condition ends the wait; looked at again and again, so it must change nothing
     * @return the step
     */
    static RaceStep until(String what, BooleanSupplier condition) {
        return thread -> thread.when(what, condition, () -> {});
    }

    /**
     * A look at something, and what depends on it.
     *
     * @param what is looked at, in a few words
     * @param condition looked at once, in this step
     * @param then follows if it holds
     * @param otherwise follows if not
     * @return the step
     */
    static RaceStep look(String what, BooleanSupplier condition, RaceStep then, RaceStep otherwise) {
        return thread -> thread.when(what, () -> true, () -> {
            boolean holds = condition.getAsBoolean();
            thread.note(holds ? "yes" : "no");
            thread.does(holds ? then : otherwise);
        });
    }

    /**
     * Several steps as one.
     *
     * @param steps in this order
     * @return they
     */
    static RaceStep all(RaceStep... steps) {
        return thread -> thread.does(steps);
    }

    /** {@return nothing to do} */
    static RaceStep none() {
        return _ -> {};
    }
}
