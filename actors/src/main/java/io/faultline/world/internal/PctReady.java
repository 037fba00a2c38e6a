package io.faultline.world.internal;

import java.util.Arrays;
import java.util.IdentityHashMap;

import io.faultline.schedule.PctPriorities;
import org.apache.pekko.dispatch.Mailbox;
import org.jspecify.annotations.Nullable;

/**
 * The one with the highest priority first: a binary heap in parallel arrays. An actor keeps its priority from turn to
 * turn, and so does a lane; a task without either is an actor of its own, seen once.
 */
final class PctReady extends ReadyList {
    private final PctPriorities priorities;
    /** Looked up, never gone through: identity has no order that two runs share. */
    private final IdentityHashMap<Runnable, Long> byOwner = new IdentityHashMap<>();

    private @Nullable Runnable[] items = new Runnable[INITIAL_CAPACITY];
    private long[] ranks = new long[INITIAL_CAPACITY];
    private long[] arrivals = new long[INITIAL_CAPACITY];
    private int size;

    PctReady(PctPriorities priorities) {
        this.priorities = priorities;
    }

    @Override
    void add(Runnable item) {
        push(item, priorityOf(item), arrive());
    }

    @Override
    Runnable take() {
        assert size > 0;
        int lowered = priorities.nextStep();
        if (lowered > 0) {
            var fallen = present(items[0]);
            long arrival = arrivals[0];
            if (isOwner(fallen)) {
                byOwner.put(fallen, (long) lowered);
            }
            pop();
            push(fallen, lowered, arrival);
        }
        taken(arrivals[0]);
        return pop();
    }

    @Override
    int size() {
        return size;
    }

    private long priorityOf(Runnable item) {
        return isOwner(item) ? byOwner.computeIfAbsent(item, _ -> priorities.newcomer()) : priorities.newcomer();
    }

    private static boolean isOwner(Runnable item) {
        return item instanceof Mailbox || item instanceof VirtualLane;
    }

    private void push(Runnable item, long priority, long arrival) {
        if (size == items.length) {
            items = Arrays.copyOf(items, size * 2);
            ranks = Arrays.copyOf(ranks, size * 2);
            arrivals = Arrays.copyOf(arrivals, size * 2);
        }
        int index = size++;
        while (index > 0) {
            int parent = (index - 1) >>> 1;
            if (!isBefore(priority, arrival, parent)) {
                break;
            }
            put(index, items[parent], ranks[parent], arrivals[parent]);
            index = parent;
        }
        put(index, item, priority, arrival);
    }

    private Runnable pop() {
        var top = items[0];
        size--;
        var item = items[size];
        long priority = ranks[size];
        long arrival = arrivals[size];
        items[size] = null;
        if (size > 0) {
            siftDown(item, priority, arrival);
        }
        return present(top);
    }

    private void siftDown(@Nullable Runnable item, long priority, long arrival) {
        int index = 0;
        for (int child = 1; child < size; child = 2 * index + 1) {
            if (child + 1 < size && isBefore(ranks[child + 1], arrivals[child + 1], child)) {
                child++;
            }
            if (isBefore(priority, arrival, child)) {
                break;
            }
            put(index, items[child], ranks[child], arrivals[child]);
            index = child;
        }
        put(index, item, priority, arrival);
    }

    private boolean isBefore(long priority, long arrival, int other) {
        return priority > ranks[other] || (priority == ranks[other] && arrival < arrivals[other]);
    }

    private void put(int index, @Nullable Runnable item, long priority, long arrival) {
        items[index] = item;
        ranks[index] = priority;
        arrivals[index] = arrival;
    }
}
