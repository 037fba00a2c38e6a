package io.faultline.world.internal;

import java.util.Arrays;
import java.util.Objects;

import io.faultline.time.SplitMix;
import io.faultline.world.Schedule;
import org.jspecify.annotations.Nullable;

/** What can run at the present instant, and which of it runs next. Not thread-safe. */
abstract class ReadyList {
    private static final int INITIAL_CAPACITY = 256;

    /** A power of two, so that the queue's wrap-around is a mask. */
    @Nullable
    Runnable[] items = new Runnable[INITIAL_CAPACITY];
    int size;
    private int pickedIndex;

    static ReadyList of(Schedule schedule, SplitMix random) {
        return switch (schedule) {
            case Schedule.Fifo _ -> new Fifo();
            case Schedule.Random _ -> new Random(random);
        };
    }

    abstract void add(Runnable item);

    /** Takes one out; there must be one. */
    abstract Runnable take();

    final int size() {
        return size;
    }

    /** {@return which one {@link #take} took last, by its place among those that were ready} */
    final int pickedIndex() {
        return pickedIndex;
    }

    final void picked(int index) {
        pickedIndex = index;
    }

    /** First in, first out: a ring. */
    private static final class Fifo extends ReadyList {
        private int head;

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
            return Objects.requireNonNull(item);
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
    private static final class Random extends ReadyList {
        private final SplitMix random;

        Random(SplitMix random) {
            this.random = random;
        }

        @Override
        void add(Runnable item) {
            if (size == items.length) {
                items = Arrays.copyOf(items, size * 2);
            }
            items[size++] = item;
        }

        @Override
        Runnable take() {
            assert size > 0;
            int index = size == 1 ? 0 : random.nextInt(size);
            var item = items[index];
            items[index] = items[--size];
            items[size] = null;
            picked(index);
            return Objects.requireNonNull(item);
        }
    }
}
