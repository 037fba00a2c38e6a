package io.faultline.schedule;

import java.util.HashMap;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/** PCT over steps that are looked through at each pick: for as many as people can read. */
final class PctChooser implements Chooser {
    private final PctPriorities priorities;
    private final Map<Integer, Long> byOwner = new HashMap<>();

    PctChooser(PctPriorities priorities) {
        this.priorities = priorities;
    }

    @Override
    public int choose(int count, IntUnaryOperator owner) {
        int lowered = priorities.nextStep();
        int first = highest(count, owner);
        if (lowered == 0) {
            return first;
        }
        byOwner.put(owner.applyAsInt(first), (long) lowered);
        return highest(count, owner);
    }

    /** The oldest step of the owner with the highest priority. */
    private int highest(int count, IntUnaryOperator owner) {
        int best = 0;
        long bestPriority = Long.MIN_VALUE;
        for (int index = 0; index < count; index++) {
            long priority = byOwner.computeIfAbsent(owner.applyAsInt(index), _ -> priorities.newcomer());
            if (priority > bestPriority) {
                best = index;
                bestPriority = priority;
            }
        }
        return best;
    }
}
