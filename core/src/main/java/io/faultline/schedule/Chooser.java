package io.faultline.schedule;

import java.util.function.IntUnaryOperator;

/** One run of a {@link Schedule}: says, step by step, which of the pending steps comes next. Not thread-safe. */
@FunctionalInterface
public interface Chooser {
    /**
     * Picks one. Called once for each step, also when there is no choice.
     *
     * @param count how many steps are pending, at least 1
     * @param owner tells of each of them, from 0 for the one that has waited longest, whose step it is: what a priority
     *     belongs to. A number of the caller's, the same for the same owner throughout the run
     * @return its place, from 0, below {@code count}
     */
    int choose(int count, IntUnaryOperator owner);
}
