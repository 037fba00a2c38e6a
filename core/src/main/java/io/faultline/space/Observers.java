package io.faultline.space;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Who hears of changes: some of all, some of one range only. Many memslots watch a range each, so a change must not
 * visit them all. Immutable; a change of the list makes a new one.
 */
final class Observers {
    static final Observers NONE = new Observers(List.of(), List.of());

    private record Ranged(long start, long end, MappingObserver observer) {}

    private final List<MappingObserver> everywhere;
    private final List<Ranged> ranged;
    /** The starts of {@link #ranged}, for each install searches them. */
    private final long[] starts;
    /** The greatest end among the ranges up to each index: where it is at or below a start, no earlier one reaches it. */
    private final long[] greatestEnd;

    private Observers(List<MappingObserver> everywhere, List<Ranged> ranged) {
        this.everywhere = everywhere;
        this.ranged = ranged;
        this.starts = ranged.stream().mapToLong(Ranged::start).toArray();
        this.greatestEnd = new long[ranged.size()];
        long greatest = 0;
        for (int i = 0; i < greatestEnd.length; i++) {
            greatest = Math.max(greatest, ranged.get(i).end());
            greatestEnd[i] = greatest;
        }
    }

    Observers with(MappingObserver observer) {
        List<MappingObserver> now = new ArrayList<>(everywhere);
        now.add(observer);
        return new Observers(List.copyOf(now), ranged);
    }

    Observers with(long start, long end, MappingObserver observer) {
        List<Ranged> now = new ArrayList<>(ranged);
        now.add(new Ranged(start, end, observer));
        now.sort(Comparator.comparingLong(Ranged::start));
        return new Observers(everywhere, List.copyOf(now));
    }

    Observers without(MappingObserver observer) {
        return new Observers(everywhere.stream().filter(each -> each != observer).toList(),
                ranged.stream().filter(each -> each.observer() != observer).toList());
    }

    void changing(MappingChange kind, long start, long end) {
        for (MappingObserver observer : everywhere) {
            observer.changing(kind, start, end);
        }
        for (int i = firstStartingFrom(end) - 1; i >= 0 && greatestEnd[i] > start; i--) {
            if (ranged.get(i).end() > start) {
                ranged.get(i).observer().changing(kind, start, end);
            }
        }
    }

    void changed(MappingChange kind, long start, long end, long pagesFoundPresent) {
        for (MappingObserver observer : everywhere) {
            observer.changed(kind, start, end, pagesFoundPresent);
        }
        for (int i = firstStartingFrom(end) - 1; i >= 0 && greatestEnd[i] > start; i--) {
            if (ranged.get(i).end() > start) {
                ranged.get(i).observer().changed(kind, start, end, pagesFoundPresent);
            }
        }
    }

    private int firstStartingFrom(long address) {
        int low = 0;
        int high = starts.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (starts[middle] >= address) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}
