package io.faultline.explore;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A run that was made: what happened, and what broke.
 *
 * @param columns the names of the scripts
 * @param sources the names of the scripts and channels, by number
 * @param before how things stood at the beginning
 * @param happenings the steps in the order in which they were made
 * @param left what was not made: messages still on their way, and at the end steps that wait for ever
 * @param breach what broke; null when everything held
 * @param ended whether it went on until nothing was pending; else the last step broke something
 */
public record Performance(
        List<String> columns,
        List<String> sources,
        List<Happening> before,
        List<Happening> happenings,
        List<Happening> left,
        @Nullable Breach breach,
        boolean ended) {

    /** Keeps the lists from changing. */
    public Performance {
        columns = List.copyOf(columns);
        sources = List.copyOf(sources);
        before = List.copyOf(before);
        happenings = List.copyOf(happenings);
        left = List.copyOf(left);
    }

    /** {@return how many steps were made} */
    public int steps() {
        return happenings.size();
    }

    /** {@return how often a step was made in another column than the one before it} */
    public int switches() {
        int switches = 0;
        for (int index = 1; index < happenings.size(); index++) {
            switches += happenings.get(index).column() == happenings.get(index - 1).column() ? 0 : 1;
        }
        return switches;
    }

    /** {@return the schedule: of each step, the name of the script or channel it came from} */
    public List<String> schedule() {
        return happenings.stream().map(step -> sources.get(step.source())).toList();
    }

    /** {@return whether the same invariant broke as in another run} */
    boolean breaksLike(Performance other) {
        return breach != null && other.breach != null && breach.invariant().equals(other.breach.invariant());
    }

    /** {@return whether it is easier to read: fewer steps, or as many and fewer switches} */
    boolean isPlainerThan(Performance other) {
        return steps() != other.steps() ? steps() < other.steps() : switches() < other.switches();
    }
}
