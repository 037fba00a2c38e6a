package io.faultline.world.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;

import org.junit.jupiter.api.Test;

class BlockingPoolTest {
    @Test
    void shouldRunOnTheCallerWhenItsThreadsAndItsQueueAreFull() throws InterruptedException {
        BlockingQueue<Thread> ran = new LinkedBlockingQueue<>();
        var gate = new CountDownLatch(1);
        var started = new CountDownLatch(2);
        var pool = BlockingPool.of("faultline-read-full-", 2, 1);
        for (int i = 0; i < 3; i++) {
            pool.execute(() -> {
                started.countDown();
                try {
                    gate.await();
                } catch (InterruptedException interrupt) {
                    throw new IllegalStateException(interrupt);
                }
                ran.add(Thread.currentThread());
            });
        }
        started.await();

        pool.execute(() -> ran.add(Thread.currentThread()));
        assertThat(ran).containsExactly(Thread.currentThread());

        gate.countDown();
        for (int i = 0; i < 4; i++) {
            var thread = ran.take();
            assertThat(thread == Thread.currentThread() || thread.getName().startsWith("faultline-read-full-"))
                    .isTrue();
        }
        pool.close();
    }

    @Test
    void shouldWaitForWhatReadsDropWhatWaitsAndEndItsThreads() throws InterruptedException {
        var watch = new ThreadWatch();
        BlockingQueue<String> ran = new LinkedBlockingQueue<>();
        var gate = new CountDownLatch(1);
        var started = new CountDownLatch(1);
        var pool = BlockingPool.of("faultline-read-closing-", 1, 10);
        pool.execute(() -> {
            started.countDown();
            try {
                gate.await();
            } catch (InterruptedException interrupt) {
                throw new IllegalStateException(interrupt);
            }
            ran.add("reading");
        });
        pool.execute(() -> ran.add("waiting"));
        started.await();
        assertThat(watch.newNames()).anyMatch(name -> name.startsWith("faultline-read-closing-"));

        var closer = Thread.ofPlatform().start(pool::close);
        while (!pool.isShutdown()) {
            Thread.onSpinWait();
        }
        while (!pool.getQueue().isEmpty()) {
            Thread.onSpinWait();
        }
        gate.countDown();
        closer.join();

        assertThat(ran).containsExactly("reading");
        watch.assertAllEnd("faultline-read-closing-");
        assertThatThrownBy(() -> pool.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
    }
}
