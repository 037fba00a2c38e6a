package io.faultline.world.internal;

import java.util.Arrays;
import java.util.NoSuchElementException;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * Events ordered by (time, sequence), where the sequence is the order in which they were added. A binary heap in three
 * parallel arrays: comparing keys touches no object. Not thread-safe.
 *
 * <p>Cancelled events stay until they come to the top or until they are the majority; nothing of them shows outside.
 */
final class TimedEvents {
    /** What {@link #nextNanos} answers when there is nothing. */
    static final long NEVER = Long.MAX_VALUE;

    private static final int INITIAL_CAPACITY = 64;

    private long[] times = new long[INITIAL_CAPACITY];
    private long[] sequences = new long[INITIAL_CAPACITY];
    private @Nullable TimedEvent[] events = new TimedEvent[INITIAL_CAPACITY];
    private int size;
    private int cancelled;
    private long nextSequence;
    private long polledSequence = -1;

    void add(long timeNanos, TimedEvent event) {
        if (size == times.length) {
            grow();
        }
        siftUp(size++, timeNanos, nextSequence++, event);
    }

    /** {@return when the first event is due, or {@link #NEVER}} */
    long nextNanos() {
        dropCancelledHead();
        return size == 0 ? NEVER : times[0];
    }

    /** Takes the first event out; there must be one, see {@link #nextNanos}. */
    TimedEvent poll() {
        dropCancelledHead();
        if (size == 0) {
            throw new NoSuchElementException("no timed event");
        }
        polledSequence = sequences[0];
        return removeHead();
    }

    /** {@return the sequence of the event polled last} */
    long polledSequence() {
        return polledSequence;
    }

    /** {@return events that are still to fire} */
    int size() {
        return size - cancelled;
    }

    /** Notes that an event in here has become cancelled; it may not be noted twice. */
    void noteCancelled() {
        cancelled++;
        if (cancelled > INITIAL_CAPACITY && cancelled > size / 2) {
            removeCancelled();
        }
    }

    private void dropCancelledHead() {
        while (cancelled > 0 && size > 0 && eventAt(0).isCancelled()) {
            removeHead();
            cancelled--;
        }
    }

    private TimedEvent removeHead() {
        var head = eventAt(0);
        size--;
        var last = eventAt(size);
        events[size] = null;
        if (size > 0) {
            siftDown(0, times[size], sequences[size], last);
        }
        return head;
    }

    private TimedEvent eventAt(int index) {
        return Objects.requireNonNull(events[index]);
    }

    private void siftUp(int index, long time, long sequence, TimedEvent event) {
        while (index > 0) {
            int parent = (index - 1) >>> 1;
            if (!isBefore(time, sequence, parent)) {
                break;
            }
            move(parent, index);
            index = parent;
        }
        put(index, time, sequence, event);
    }

    private void siftDown(int index, long time, long sequence, TimedEvent event) {
        while (true) {
            int child = 2 * index + 1;
            if (child >= size) {
                break;
            }
            if (child + 1 < size && isBefore(times[child + 1], sequences[child + 1], child)) {
                child++;
            }
            if (isBefore(time, sequence, child)) {
                break;
            }
            move(child, index);
            index = child;
        }
        put(index, time, sequence, event);
    }

    private boolean isBefore(long time, long sequence, int other) {
        return time < times[other] || (time == times[other] && sequence < sequences[other]);
    }

    private void move(int from, int to) {
        put(to, times[from], sequences[from], eventAt(from));
    }

    private void put(int index, long time, long sequence, TimedEvent event) {
        times[index] = time;
        sequences[index] = sequence;
        events[index] = event;
    }

    /** The order of what is left is that of its keys, so it does not matter how the heap is rebuilt. */
    private void removeCancelled() {
        int kept = 0;
        for (int i = 0; i < size; i++) {
            var event = eventAt(i);
            if (!event.isCancelled()) {
                siftUp(kept++, times[i], sequences[i], event);
            }
        }
        Arrays.fill(events, kept, size, null);
        size = kept;
        cancelled = 0;
    }

    private void grow() {
        int capacity = size * 2;
        times = Arrays.copyOf(times, capacity);
        sequences = Arrays.copyOf(sequences, capacity);
        events = Arrays.copyOf(events, capacity);
    }
}
