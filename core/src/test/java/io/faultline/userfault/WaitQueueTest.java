package io.faultline.userfault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WaitQueueTest {
    private static final int BASE = 12;

    private final WaitQueue queue = new WaitQueue();
    private final WokenWaiters sink = new WokenWaiters();
    private final UserfaultMessages messages = new UserfaultMessages(16);

    @Test
    void shouldKeepOneMessagePerWaiterOfAPage() {
        for (int waiter = 0; waiter < 8; waiter++) {
            queue.add(waiter, 0x5000 + waiter, BASE, 0, 100 + waiter);
        }
        assertThat(queue.read(messages, true)).isEqualTo(8);
        for (int i = 0; i < 8; i++) {
            assertThat(messages.thread(i)).isEqualTo(i);
            assertThat(messages.address(i)).isEqualTo(0x5000);
            assertThat(messages.raisedNanos(i)).isEqualTo(100 + i);
        }
        assertThat(queue.pagesWaitedFor()).isEqualTo(1);
    }

    @Test
    void shouldWakeEveryWaiterOfAPageInOrderOfArrivalAndNoOther() {
        queue.add(1, 0x5008, BASE, UserfaultEvents.FAULT_WRITE, 10);
        queue.add(2, 0x6000, BASE, 0, 11);
        queue.add(3, 0x5000, BASE, 0, 12);
        queue.wake(0x5000, 0x6000, sink);
        assertThat(sink.woken)
                .containsExactly(
                        new WokenWaiters.Woken(1, 0x5008, true, 10), new WokenWaiters.Woken(3, 0x5000, false, 12));
        assertThat(queue.waiters()).isEqualTo(1);
    }

    @Test
    void shouldDropTheUnreadMessageOfAWokenWaiter() {
        queue.add(1, 0x5000, BASE, 0, 0);
        queue.add(2, 0x6000, BASE, 0, 0);
        queue.add(3, 0x7000, BASE, 0, 0);
        queue.wake(0x6000, 0x7000, sink);
        assertThat(queue.read(messages, true)).isEqualTo(2);
        assertThat(messages.thread(0)).isEqualTo(1);
        assertThat(messages.thread(1)).isEqualTo(3);
    }

    @Test
    void shouldReadInPiecesWhenTheBufferIsSmall() {
        for (int waiter = 0; waiter < 40; waiter++) {
            queue.add(waiter, (long) waiter << BASE, BASE, 0, 0);
        }
        List<Integer> read = new ArrayList<>();
        while (queue.read(messages, true) > 0) {
            for (int i = 0; i < messages.count(); i++) {
                read.add(messages.thread(i));
            }
            messages.clear();
        }
        assertThat(read).hasSize(40).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void shouldFindWaitersOfALargePageByTheAddressItsMessageShows() {
        queue.add(1, (1L << 30) + 0x12345678, 30, 0, 0);
        queue.wake(1L << 30, (1L << 30) + 4096, sink);
        assertThat(sink.take()).containsExactly(1);
    }

    @Test
    void shouldWakeMillionsOfPagesByWalkingTheFewThatHaveWaiters() {
        queue.add(1, 5L << 30, BASE, 0, 0);
        queue.wake(0, 1L << 47, sink);
        assertThat(sink.take()).containsExactly(1);
    }

    @Test
    void shouldHoldAMillionWaiters() {
        int million = 1 << 20;
        for (int waiter = 0; waiter < million; waiter++) {
            queue.add(waiter, (long) (waiter >> 2) << BASE, BASE, 0, 0);
        }
        assertThat(queue.waiters()).isEqualTo(million);
        assertThat(queue.pagesWaitedFor()).isEqualTo(million / 4);
        int[] count = new int[1];
        queue.wakeAll((waiter, address, write, nanos) -> count[0]++);
        assertThat(count[0]).isEqualTo(million);
    }

    @Test
    void shouldRefuseASinkThatCallsBack() {
        queue.add(1, 0x5000, BASE, 0, 0);
        WakeSink callsBack = (waiter, address, write, nanos) -> queue.add(waiter, address, BASE, 0, nanos);
        assertThatThrownBy(() -> queue.wake(0x5000, 0x6000, callsBack)).isInstanceOf(AssertionError.class);
    }

    private record Waiting(int waiter, long page, boolean unread) {}

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13})
    void shouldAgreeWithAPlainListOverRandomRaisesReadsAndWakes(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Waiting> model = new ArrayList<>();
        for (int step = 0; step < 5_000; step++) {
            switch (random.nextInt(4)) {
                case 0, 1 -> {
                    long page = random.nextInt(50);
                    queue.add(step, page << BASE, BASE, 0, 0);
                    model.add(new Waiting(step, page, true));
                }
                case 2 -> readSome(model, 1 + random.nextInt(5), seed);
                default -> wakeSome(model, random.nextInt(50), 1 + random.nextInt(8), seed);
            }
            assertThat(queue.waiters()).as("seed %d step %d", seed, step).isEqualTo(model.size());
        }
    }

    private void readSome(List<Waiting> model, int capacity, long seed) {
        UserfaultMessages some = new UserfaultMessages(capacity);
        queue.read(some, true);
        List<Integer> expected = new ArrayList<>();
        for (int i = 0; i < model.size() && expected.size() < capacity; i++) {
            Waiting waiting = model.get(i);
            if (waiting.unread) {
                expected.add(waiting.waiter);
                model.set(i, new Waiting(waiting.waiter, waiting.page, false));
            }
        }
        List<Integer> read = new ArrayList<>();
        for (int i = 0; i < some.count(); i++) {
            read.add(some.thread(i));
        }
        assertThat(read).as("seed %d", seed).isEqualTo(expected);
    }

    private void wakeSome(List<Waiting> model, long first, int pages, long seed) {
        queue.wake(first << BASE, (first + pages) << BASE, sink);
        List<Integer> expected = model.stream()
                .filter(w -> w.page >= first && w.page < first + pages)
                .map(Waiting::waiter)
                .toList();
        assertThat(sink.take()).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(expected);
        model.removeIf(w -> w.page >= first && w.page < first + pages);
    }
}
