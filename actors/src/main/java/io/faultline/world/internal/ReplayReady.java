package io.faultline.world.internal;

import java.util.ArrayList;
import java.util.List;

import io.faultline.schedule.ChoiceLog;
import io.faultline.schedule.Chooser;
import io.faultline.schedule.Schedule;
import io.faultline.time.SplitMix;

/** What a log says, in a list kept in the order of arrival, since that is what its numbers count. */
final class ReplayReady extends ReadyList {
    private record Item(Runnable runnable, long arrival) {}

    private final Chooser chooser;
    private final List<Item> items = new ArrayList<>();

    ReplayReady(ChoiceLog log) {
        // It draws nothing.
        this.chooser = Schedule.replay(log).chooser(new SplitMix(0));
    }

    @Override
    void add(Runnable item) {
        items.add(new Item(item, arrive()));
    }

    @Override
    Runnable take() {
        var item = items.remove(chooser.choose(items.size(), index -> index));
        taken(item.arrival);
        return item.runnable;
    }

    @Override
    int size() {
        return items.size();
    }
}
