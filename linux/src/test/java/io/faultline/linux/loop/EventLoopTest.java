package io.faultline.linux.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import io.faultline.linux.NeedsUserfaultfd;
import io.faultline.linux.NothingLeft;
import io.faultline.linux.call.EventCalls;
import io.faultline.linux.call.FileCalls;
import io.faultline.linux.call.LinuxCallException;
import io.faultline.time.NanoClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith({NeedsUserfaultfd.class, NothingLeft.class})
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class EventLoopTest {
    private EventLoop loop;

    @BeforeEach
    void start() {
        loop = EventLoop.start(0, NanoClock.monotonic());
    }

    @AfterEach
    void end() throws InterruptedException {
        end(loop);
    }

    private static void end(EventLoop loop) throws InterruptedException {
        loop.shutdown();
        assertThat(loop.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
    }

    @Test
    void shouldRunWhatComesFromOutsideInOrderOnOneThread() throws Exception {
        List<Integer> seen = Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = Collections.synchronizedList(new ArrayList<>());
        for (int i = 0; i < 1000; i++) {
            int number = i;
            loop.execute(() -> {
                seen.add(number);
                threads.add(Thread.currentThread());
            });
        }
        loop.submit(() -> {}).get();
        assertThat(seen).hasSize(1000).isSorted();
        assertThat(threads).containsOnly(threads.getFirst());
    }

    /** Each comes while the loop waits or is about to: a lost wake-up would leave the last one unanswered. */
    @Test
    void shouldWakeForEveryTaskThatComesWhileItWaits() throws Exception {
        for (int i = 0; i < 5000; i++) {
            int number = i;
            assertThat(loop.submit(() -> number).get()).isEqualTo(number);
        }
        assertThat(loop.sleeps()).isPositive();
    }

    @Test
    void shouldRunWhatItsOwnTasksAdd() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        AtomicInteger count = new AtomicInteger();
        loop.execute(new Runnable() {
            @Override
            public void run() {
                if (count.incrementAndGet() < 10_000) {
                    EventLoop.current().execute(this);
                } else {
                    done.countDown();
                }
            }
        });
        done.await();
        assertThat(count).hasValue(10_000);
    }

    @Test
    void shouldGoOnAfterATaskThatThrows() throws Exception {
        assertThatThrownBy(() -> loop.submit(() -> {
            throw new IllegalStateException("on purpose");
        })
                .get())
                .isInstanceOf(ExecutionException.class);
        CountDownLatch reported = new CountDownLatch(1);
        loop.execute(() -> Thread.currentThread().setUncaughtExceptionHandler((_, _) -> reported.countDown()));
        loop.execute(() -> {
            throw new IllegalStateException("on purpose");
        });
        reported.await();
        assertThat(loop.submit(() -> 7).get()).isEqualTo(7);
    }

    @Test
    void shouldTellOfADescriptorOnceForEachTimeSomethingComes() throws Exception {
        int event = EventCalls.eventfd();
        MemorySegment one = Arena.ofAuto().allocateFrom(ValueLayout.JAVA_LONG, 1);
        AtomicInteger told = new AtomicInteger();
        loop.submit(() -> EventLoop.current().watch(event, told::incrementAndGet)).get();
        for (int i = 1; i <= 100; i++) {
            FileCalls.write(event, one); // nobody reads it
            while (told.get() < i) {
                Thread.onSpinWait();
            }
        }
        loop.submit(() -> EventLoop.current().unwatch(event)).get();
        FileCalls.write(event, one);
        loop.submit(() -> {}).get();
        assertThat(told).hasValue(100);
        FileCalls.close(event);
    }

    /** A loop that looks at descriptors only when it has nothing to do would starve the faults of a busy memslot. */
    @Test
    void shouldLookAtDescriptorsWhileTasksNeverEnd() throws Exception {
        int event = EventCalls.eventfd();
        CountDownLatch told = new CountDownLatch(1);
        loop.submit(() -> EventLoop.current().watch(event, told::countDown)).get();
        loop.execute(new Runnable() {
            @Override
            public void run() {
                if (told.getCount() > 0) {
                    EventLoop.current().execute(this);
                }
            }
        });
        FileCalls.write(event, Arena.ofAuto().allocateFrom(ValueLayout.JAVA_LONG, 1));
        told.await();
        loop.submit(() -> EventLoop.current().unwatch(event)).get();
        FileCalls.close(event);
    }

    @Test
    void shouldLetOnlyItsOwnThreadSayWhatItWatches() {
        assertThatThrownBy(() -> loop.watch(0, () -> {})).hasMessageContaining("only the loop's own thread");
        assertThatThrownBy(EventLoop::current).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> loop.submit(() -> EventLoop.current().watch(9999, () -> {})).get())
                .hasCauseInstanceOf(LinuxCallException.class)
                .hasMessageContaining("EBADF");
    }

    @Test
    void shouldRunWhatWasAcceptedAndRefuseWhatComesAfterItsShutdown() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger ran = new AtomicInteger();
        loop.execute(() -> {
            try {
                go.await();
            } catch (InterruptedException unexpected) {
                ran.set(-1000);
            }
        });
        for (int i = 0; i < 100; i++) {
            loop.execute(ran::incrementAndGet);
        }
        loop.shutdown();
        assertThatThrownBy(() -> loop.execute(ran::incrementAndGet)).isInstanceOf(RejectedExecutionException.class);
        go.countDown();
        assertThat(loop.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
        assertThat(ran).hasValue(100);
        loop.shutdown();
    }

    /** A clock that only the loop moves on: so it spins for as many looks as the time has ticks, and then waits. */
    @Test
    void shouldSpinForAsLongAsItIsTold() throws Exception {
        AtomicLong ticks = new AtomicLong();
        EventLoop spinning = EventLoop.start(1000, ticks::incrementAndGet);
        while (spinning.sleeps() == 0) {
            Thread.onSpinWait();
        }
        assertThat(ticks.get()).isBetween(1000L, 1002L);
        end(spinning);
        assertThatThrownBy(() -> EventLoop.start(-1, ticks::get)).isInstanceOf(IllegalArgumentException.class);
    }
}
