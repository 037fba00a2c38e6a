package io.faultline.schedule;

import io.faultline.registry.InvalidInputException;
import io.faultline.time.SplitMix;

/**
 * In which order what is ready happens. Immutable; together with a seed it decides every pick of a run.
 *
 * <p>{@link #random()} is the default everywhere: it reaches every order, where {@link #fifo()} shows one. {@link #pct}
 * is for bugs that need a few particular orderings among very many steps, which a uniform pick all but never meets.
 */
public sealed interface Schedule {
    /** The number of steps {@link #pct(int)} expects: more than most scenarios and small machines take. */
    long DEFAULT_PCT_STEPS = 1L << 20;

    /** First come, first served: the order a reader would expect, under which many races never show. */
    record Fifo() implements Schedule {
        @Override
        public String toString() {
            return "fifo";
        }
    }

    /** A seeded uniform pick among all that is ready. */
    record Random() implements Schedule {
        @Override
        public String toString() {
            return "random";
        }
    }

    /**
     * Random priorities with few changes: see {@link PctPriorities}.
     *
     * @param depth how many orderings between two steps a bug may need, at least 1
     * @param steps how many steps a run is expected to take, at least 1
     */
    record Pct(int depth, long steps) implements Schedule {
        public Pct {
            if (depth < 1) {
                throw new InvalidInputException("the depth of a pct schedule must be at least 1, not " + depth);
            }
            if (steps < 1) {
                throw new InvalidInputException("a pct schedule must expect at least 1 step, not " + steps);
            }
        }

        @Override
        public String toString() {
            return "pct:depth=" + depth + (steps == DEFAULT_PCT_STEPS ? "" : ",steps=" + steps);
        }
    }

    /**
     * What another run chose, and first come, first served after that.
     *
     * @param log copied, so that recording into the same log again changes nothing here
     */
    record Replay(ChoiceLog log) implements Schedule {
        public Replay {
            log = log.copy();
        }

        @Override
        public String toString() {
            return "replay of " + log.size() + " choices";
        }
    }

    /**
     * Another schedule, whose choices are written down.
     *
     * @param of who chooses
     * @param log emptied when a run begins, so that it holds those of the last one; use it for one run at a time
     */
    record Recorded(Schedule of, ChoiceLog log) implements Schedule {
        @Override
        public String toString() {
            return of.toString();
        }
    }

    /** {@return first come, first served} */
    static Schedule fifo() {
        return new Fifo();
    }

    /** {@return a seeded pick among all that is ready} */
    static Schedule random() {
        return new Random();
    }

    /**
     * Random priorities with {@code depth - 1} changes within the first {@value #DEFAULT_PCT_STEPS} steps.
     *
     * @param depth how many orderings between two steps a bug may need, at least 1
     * @throws InvalidInputException when it is less
     */
    static Schedule pct(int depth) {
        return pct(depth, DEFAULT_PCT_STEPS);
    }

    /**
     * Random priorities with {@code depth - 1} changes.
     *
     * @param depth how many orderings between two steps a bug may need, at least 1
     * @param steps how many steps a run is expected to take, at least 1: the fewer, the likelier a bug is found, as long
     *     as a run does not take more
     * @throws InvalidInputException when either is less
     */
    static Schedule pct(int depth, long steps) {
        return new Pct(depth, steps);
    }

    /**
     * The choices of another run, and first come, first served after them.
     *
     * @param log what {@link #recordedIn} wrote, or a {@link Shortening} of that
     */
    static Schedule replay(ChoiceLog log) {
        return new Replay(log);
    }

    /**
     * The same schedule, which writes down what it chooses. What it chooses stays the same.
     *
     * @param log emptied when a run begins
     */
    default Schedule recordedIn(ChoiceLog log) {
        return new Recorded(this, log);
    }

    /**
     * Begins a run under this schedule.
     *
     * @param random whose numbers it may draw; nobody else may
     */
    default Chooser chooser(SplitMix random) {
        return switch (this) {
            case Fifo _ -> (_, _) -> 0;
            case Random _ -> (count, _) -> random.nextInt(count);
            case Pct(int depth, long steps) -> new PctChooser(new PctPriorities(depth, steps, random));
            case Replay(ChoiceLog log) -> new ReplayChooser(log);
            case Recorded(Schedule of, ChoiceLog log) -> new RecordingChooser(of.chooser(random), log);
        };
    }
}
