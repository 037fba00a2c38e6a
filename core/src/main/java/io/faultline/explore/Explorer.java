package io.faultline.explore;

import java.util.List;

import io.faultline.registry.InvalidInputException;
import io.faultline.schedule.Schedule;
import io.faultline.time.SplitMix;

/**
 * Plays scenarios under many seeds, and shortens what breaks. Immutable; what it plays runs on the caller's thread.
 */
public final class Explorer {
    private final Schedule schedule;

    /**
     * An explorer.
     *
     * @param schedule picks the next step, seed by seed; {@code pct} without a number of steps takes the length of the run
     *     in which whoever came first was served first
     */
    public Explorer(Schedule schedule) {
        this.schedule = schedule;
    }

    /**
     * Tries seeds until one breaks an invariant.
     *
     * @param scenario plays
     * @param variant which of its protocols
     * @param firstSeed the first to try; the next ones follow by 1
     * @param seeds how many to try at most, at least 1
     * @return what came of it
     */
    public Exploration explore(Scenario scenario, Variant variant, long firstSeed, int seeds) {
        if (seeds < 1) {
            throw new InvalidInputException("the number of seeds is " + seeds + ": at least 1 is needed");
        }
        Player player = new Player(scenario, variant);
        Schedule fitted = fitted(player);
        for (int tried = 0; tried < seeds; tried++) {
            long seed = firstSeed + tried;
            Performance run = player.play(fitted.chooser(new SplitMix(seed)));
            Breach breach = run.breach();
            if (breach != null) {
                Performance shortest = ScheduleShortening.shorten(player, run);
                return new Exploration(scenario.name(), variant, tried + 1, new Finding(seed, breach, run, shortest));
            }
        }
        return new Exploration(scenario.name(), variant, seeds, null);
    }

    /** The changes of priority have to fall within the run to make a difference. */
    private Schedule fitted(Player player) {
        if (schedule instanceof Schedule.Pct(int depth, long steps) && steps == Schedule.DEFAULT_PCT_STEPS) {
            int length = player.play(Schedule.fifo().chooser(new SplitMix(0))).steps();
            return Schedule.pct(depth, Math.max(1, length));
        }
        return schedule;
    }

    /**
     * Plays a schedule that was written down.
     *
     * @param scenario plays
     * @param variant which of its protocols
     * @param schedule of each step, the name of the script or channel it comes from: {@link Performance#schedule}
     * @return what happened
     * @throws InvalidInputException when the scenario cannot be played so, because it is another one, or was changed
     */
    public static Performance replay(Scenario scenario, Variant variant, List<String> schedule) {
        return new Player(scenario, variant).playExactly(schedule);
    }
}
