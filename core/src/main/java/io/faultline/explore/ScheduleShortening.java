package io.faultline.explore;

import java.util.Arrays;

/**
 * Looks for a plainer run that breaks the same invariant: with fewer steps, or as many and fewer changes of the column.
 * Takes parts of the schedule out, in halves at first and single steps last (delta debugging: Zeller and Hildebrandt,
 * "Simplifying and Isolating Failure-Inducing Input", TSE 2002), and moves parts to where their column's last step was or
 * its next one is.
 */
final class ScheduleShortening {
    private static final int ATTEMPTS_MAX = 4_000;

    private final Player player;
    private Performance best;
    private int[] schedule;
    private int attempts;

    private ScheduleShortening(Player player, Performance found) {
        this.player = player;
        this.best = found;
        this.schedule = scheduleOf(found);
    }

    /** {@return the plainest run found, which may be the same one} */
    static Performance shorten(Player player, Performance found) {
        var shortening = new ScheduleShortening(player, found);
        boolean better = true;
        while (better && shortening.attempts < ATTEMPTS_MAX) {
            boolean shorter = shortening.takeOut();
            better = shortening.bringTogether() || shorter;
        }
        return shortening.best;
    }

    private static int[] scheduleOf(Performance run) {
        return run.happenings().stream().mapToInt(Happening::source).toArray();
    }

    private boolean takeOut() {
        boolean better = false;
        for (int part = Math.max(1, schedule.length / 2); part >= 1; part /= 2) {
            for (int end = schedule.length; end > 0; end = Math.min(end - part, schedule.length)) {
                better |= accept(without(schedule, Math.max(0, end - part), end));
            }
        }
        return better;
    }

    private boolean bringTogether() {
        boolean better = false;
        for (int begin = 0; begin < schedule.length; begin = endOfBlock(begin)) {
            int end = endOfBlock(begin);
            int earlier = endOfEarlierBlock(begin);
            int later = beginOfLaterBlock(end);
            better |= (earlier >= 0 && accept(moved(begin, end, earlier)))
                    || (later >= 0 && accept(moved(begin, end, later)));
        }
        return better;
    }

    /** The steps from here on that come from the same source end there. */
    private int endOfBlock(int begin) {
        int end = begin + 1;
        while (end < schedule.length && schedule[end] == schedule[begin]) {
            end++;
        }
        return end;
    }

    private int column(int index) {
        return best.happenings().get(index).column();
    }

    private int endOfEarlierBlock(int begin) {
        for (int index = begin - 1; index >= 0; index--) {
            if (column(index) == column(begin)) {
                return index == begin - 1 ? -1 : index + 1;
            }
        }
        return -1;
    }

    private int beginOfLaterBlock(int end) {
        for (int index = end; index < schedule.length; index++) {
            if (column(index) == column(end - 1)) {
                return index == end ? -1 : index;
            }
        }
        return -1;
    }

    private static int[] without(int[] steps, int begin, int end) {
        int[] rest = Arrays.copyOf(steps, steps.length - (end - begin));
        System.arraycopy(steps, end, rest, begin, steps.length - end);
        return rest;
    }

    /** The steps from begin to end, moved to a place before or behind them. */
    private int[] moved(int begin, int end, int place) {
        int[] block = Arrays.copyOfRange(schedule, begin, end);
        int[] rest = without(schedule, begin, end);
        int at = place <= begin ? place : place - block.length;
        int[] result = new int[schedule.length];
        System.arraycopy(rest, 0, result, 0, at);
        System.arraycopy(block, 0, result, at, block.length);
        System.arraycopy(rest, at, result, at + block.length, rest.length - at);
        return result;
    }

    /** Plays a schedule and keeps what really happened, if that is plainer and breaks the same invariant. */
    private boolean accept(int[] candidate) {
        if (attempts++ >= ATTEMPTS_MAX) {
            return false;
        }
        Performance played = player.playRoughly(candidate);
        if (!played.breaksLike(best) || !played.isPlainerThan(best)) {
            return false;
        }
        best = played;
        schedule = scheduleOf(played);
        return true;
    }
}
