package io.faultline.actors;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * The broadcast invalidations that not every CPU has carried out, and the syncs that wait for them. Not thread-safe: the
 * shootdown owns it.
 */
final class Broadcasts {
    private final Map<Long, Integer> unanswered = new HashMap<>();
    private final ArrayDeque<Sync> syncs = new ArrayDeque<>();
    private long last;

    private record Sync(long afterBroadcast, long ticket) {}

    /**
     * Begins a broadcast.
     *
     * @param cpus
     *            how many have to answer
     * @return its number
     */
    long begin(int cpus) {
        long broadcast = ++last;
        unanswered.put(broadcast, cpus);
        return broadcast;
    }

    /**
     * One CPU has carried a broadcast out.
     *
     * @param synced
     *            takes the tickets of the syncs that had waited for this alone
     */
    void answered(long broadcast, LongConsumer synced) {
        int left = unanswered.merge(broadcast, -1, Integer::sum);
        if (left > 0) {
            return;
        }
        unanswered.remove(broadcast);
        while (!syncs.isEmpty() && noneUnansweredUpTo(syncs.getFirst().afterBroadcast())) {
            synced.accept(syncs.removeFirst().ticket());
        }
    }

    private boolean noneUnansweredUpTo(long broadcast) {
        return unanswered.keySet().stream().noneMatch(each -> each <= broadcast);
    }

    /**
     * Has the ticket told when every broadcast so far was carried out.
     *
     * @return whether there is none to wait for: the caller then has {@link #last} answered once more, later
     */
    boolean sync(long ticket) {
        syncs.add(new Sync(last, ticket));
        if (!unanswered.isEmpty()) {
            return false;
        }
        unanswered.put(last, 1);
        return true;
    }

    /** The number of the last broadcast, 0 when there was none. */
    long last() {
        return last;
    }

    /** How many broadcasts some CPU has not carried out. */
    int unanswered() {
        return unanswered.size();
    }
}
