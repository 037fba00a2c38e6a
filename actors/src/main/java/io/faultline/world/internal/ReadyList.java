package io.faultline.world.internal;

import java.util.Arrays;
import java.util.Objects;

import io.faultline.schedule.PctPriorities;
import io.faultline.schedule.Schedule;
import io.faultline.time.SplitMix;
import org.jspecify.annotations.Nullable;

/**
 * What can run at the present instant, and which of it runs next. Everything added gets a number, counted from 0: which
 * number was taken says what was chosen, however a list keeps its items. Not thread-safe.
 */
abstract class ReadyList {
    static final int INITIAL_CAPACITY = 256;

    private long nextArrival;
    private long takenArrival = -1;

    static ReadyList of(Schedule schedule, SplitMix random) {
        return switch (schedule) {
            case Schedule.Fifo _ -> new FifoReady();
            case Schedule.Random _ -> new RandomReady(random);
            case Schedule.Pct(int depth, long steps) -> new PctReady(new PctPriorities(depth, steps, random));
            case Schedule.Replay(var log) -> new ReplayReady(log);
            case Schedule.Recorded(var chosenBy, var log) -> new RecordedReady(of(chosenBy, random), log);
        };
    }

    /** Makes something ready. */
    abstract void add(Runnable item);

    /** Takes one out; there must be one. */
    abstract Runnable take();

    abstract int size();

    /** {@return the number of what {@link #take} took last} */
    final long takenArrival() {
        return takenArrival;
    }

    /** {@return the number of what is being added} */
    final long arrive() {
        return nextArrival++;
    }

    final void taken(long arrival) {
        takenArrival = arrival;
    }

    static Runnable present(@Nullable Runnable item) {
        return Objects.requireNonNull(item);
    }

    /** First come, first served: a ring that grows. */
    private static final class FifoReady extends ReadyList {
        /** A power of two, so that the wrap-around is a mask. */
        private @Nullable Runnable[] items = new Runnable[INITIAL_CAPACITY];

        private int head;
        private int size;
        private long taken;

        @Override
        void add(Runnable item) {
            if (size == items.length) {
                unroll();
            }
            items[(head + size++) & (items.length - 1)] = item;
        }

        @Override
        Runnable take() {
            assert size > 0;
            var item = items[head];
            items[head] = null;
            head = (head + 1) & (items.length - 1);
            size--;
            taken(taken++);
            return present(item);
        }

        @Override
        int size() {
            return size;
        }

        private void unroll() {
            var larger = new @Nullable Runnable[items.length * 2];
            int untilEnd = items.length - head;
            System.arraycopy(items, head, larger, 0, untilEnd);
            System.arraycopy(items, 0, larger, untilEnd, head);
            items = larger;
            head = 0;
        }
    }

    /** A uniform pick; the last one takes the place of the one that left. */
    private static final class RandomReady extends ReadyList {
        private final SplitMix random;
        private @Nullable Runnable[] items = new Runnable[INITIAL_CAPACITY];
        private long[] arrivals = new long[INITIAL_CAPACITY];
        private int size;

        RandomReady(SplitMix random) {
            this.random = random;
        }

        @Override
        void add(Runnable item) {
            if (size == items.length) {
                items = Arrays.copyOf(items, size * 2);
                arrivals = Arrays.copyOf(arrivals, size * 2);
            }
            items[size] = item;
            arrivals[size++] = arrive();
        }

        @Override
        Runnable take() {
            assert size > 0;
            int index = size == 1 ? 0 : random.nextInt(size);
            var item = items[index];
            taken(arrivals[index]);
            items[index] = items[--size];
            arrivals[index] = arrivals[size];
            items[size] = null;
            return present(item);
        }

        @Override
        int size() {
            return size;
        }
    }
}
