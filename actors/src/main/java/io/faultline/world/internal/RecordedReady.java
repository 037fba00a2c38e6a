package io.faultline.world.internal;

import java.util.Arrays;

import io.faultline.schedule.ChoiceLog;

/** Another list, whose choices are written down by their place in the order of arrival. */
final class RecordedReady extends ReadyList {
    private final ReadyList list;
    private final ChoiceLog log;
    /** The numbers of what is ready, ascending. */
    private long[] arrivals = new long[INITIAL_CAPACITY];
    private int size;

    RecordedReady(ReadyList list, ChoiceLog log) {
        this.list = list;
        this.log = log;
        log.clear();
    }

    @Override
    void add(Runnable item) {
        if (size == arrivals.length) {
            arrivals = Arrays.copyOf(arrivals, size * 2);
        }
        // Both count what is added from 0, so they give it the same number.
        arrivals[size++] = arrive();
        list.add(item);
    }

    @Override
    Runnable take() {
        var item = list.take();
        long arrival = list.takenArrival();
        int place = Arrays.binarySearch(arrivals, 0, size, arrival);
        assert place >= 0 : "number " + arrival + " was taken, but is not ready";
        if (size > 1) {
            log.add(place);
        }
        System.arraycopy(arrivals, place + 1, arrivals, place, --size - place);
        taken(arrival);
        return item;
    }

    @Override
    int size() {
        return size;
    }
}
