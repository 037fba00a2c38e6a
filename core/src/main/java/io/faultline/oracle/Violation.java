package io.faultline.oracle;

import java.util.List;

/**
 * An invariant that did not hold, once.
 *
 * @param invariant which
 * @param asid the address space the translation belonged to
 * @param page the first byte of the page it translated, or of the range the violation is about
 * @param frame the frame it translated to, or {@link #NO_FRAME}
 * @param cpus who held or used it, ascending
 * @param filledNanos when it was entered (the earliest, of several CPUs)
 * @param changedNanos when its mapping changed, or {@link #NEVER}
 * @param flushedNanos when a flush that covered it was reported done, or {@link #NEVER}
 * @param observedNanos when the invariant was found broken
 * @param seed of the run, to see it again
 * @param text all that in words
 */
public record Violation(
        Invariant invariant,
        int asid,
        long page,
        long frame,
        List<Integer> cpus,
        long filledNanos,
        long changedNanos,
        long flushedNanos,
        long observedNanos,
        long seed,
        String text) {

    /** It had not happened. */
    public static final long NEVER = -1;

    /** It is about no frame in particular. */
    public static final long NO_FRAME = -1;

    /** Keeps the list from changing. */
    public Violation {
        cpus = List.copyOf(cpus);
    }

    @Override
    public String toString() {
        return text;
    }
}
