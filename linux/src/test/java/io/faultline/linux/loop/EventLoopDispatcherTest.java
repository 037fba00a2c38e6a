package io.faultline.linux.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import com.typesafe.config.ConfigFactory;
import io.faultline.linux.LinuxSupport;
import io.faultline.linux.NeedsUserfaultfd;
import io.faultline.linux.NothingLeft;
import io.faultline.linux.memory.NativeRegion;
import io.faultline.linux.memory.RegionBacking;
import io.faultline.linux.userfault.NativeUserfaultPort;
import io.faultline.memory.Errno;
import io.faultline.memory.PageBuffer;
import io.faultline.memory.PageSize;
import io.faultline.time.NanoClock;
import io.faultline.userfault.UserfaultFeatures;
import io.faultline.userfault.UserfaultMessages;
import io.faultline.userfault.UserfaultModes;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Actors on an event loop resolve real faults, two memslots of them on one thread. */
@ExtendWith({NeedsUserfaultfd.class, NothingLeft.class})
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class EventLoopDispatcherTest {
    private static final long PAGE = PageSize.BASE_BYTES;
    private static final int THREADS = 8;
    private static final int PAGES_EACH = 250;
    private static final String CONFIG = """
            loop {
              type = Dispatcher
              executor = "io.faultline.linux.loop.EventLoopConfigurator"
              throughput = 64
              spin = 20us
            }
            pekko.loglevel = WARNING
            """;

    private enum Command {
        READABLE, FILL
    }

    /** Reads messages, tells itself to fill, fills: two mailbox runs a batch. */
    private static final class Filler extends AbstractBehavior<Command> {
        private final NativeRegion region;
        private final NativeUserfaultPort port;
        private final Set<String> threads;
        private final UserfaultMessages messages = new UserfaultMessages(64);
        private final PageBuffer page = PageBuffer.bytes(PageSize.SIZE_4K, 1);

        Filler(ActorContext<Command> context, NativeRegion region, NativeUserfaultPort port, Set<String> threads) {
            super(context);
            this.region = region;
            this.port = port;
            this.threads = threads;
            EventLoop.current().watch(port.descriptor(), () -> context.getSelf().tell(Command.READABLE));
        }

        @Override
        public Receive<Command> createReceive() {
            return newReceiveBuilder().onAnyMessage(this::onCommand).build();
        }

        private Behavior<Command> onCommand(Command command) {
            threads.add(Thread.currentThread().getName());
            switch (command) {
                case READABLE -> {
                    if (messages.count() == 0 && port.read(messages) == Errno.OK) {
                        getContext().getSelf().tell(Command.FILL);
                    }
                }
                case FILL -> {
                    for (int i = 0; i < messages.count(); i++) {
                        long number = (messages.address(i) - region.address()) / PAGE;
                        page.bytes().set(ValueLayout.JAVA_LONG, 0, number);
                        assertThat(port.copy(messages.address(i), page, 0, PAGE, 0).isOk()).isTrue();
                    }
                    messages.clear();
                    getContext().getSelf().tell(Command.READABLE); // what came meanwhile was told already
                }
            }
            return this;
        }
    }

    @Test
    void shouldResolveFaultsOfManyThreadsOnOneThread() throws Exception {
        Set<String> loopThreads = ConcurrentHashMap.newKeySet();
        AtomicInteger right = new AtomicInteger();
        long bytes = THREADS * PAGES_EACH * PAGE;
        try (NativeRegion first = NativeRegion.map(RegionBacking.ANONYMOUS, PageSize.SIZE_4K, bytes);
                NativeRegion second = NativeRegion.map(RegionBacking.SHARED, PageSize.SIZE_4K, bytes);
                NativeUserfaultPort firstPort = port(first);
                NativeUserfaultPort secondPort = port(second)) {
            ActorSystem<Void> system = ActorSystem.create(
                    Behaviors.setup(context -> {
                        DispatcherSelector loop = DispatcherSelector.fromConfig("loop");
                        context.spawn(filler(first, firstPort, loopThreads), "first", loop);
                        context.spawn(filler(second, secondPort, loopThreads), "second", loop);
                        return Behaviors.empty();
                    }),
                    "event-loop-test",
                    ConfigFactory.parseString(CONFIG).withFallback(ConfigFactory.defaultReference()).resolve());
            List<Thread> threads = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                int own = thread;
                threads.add(Thread.ofPlatform().daemon().start(() -> touchOwn(own, first, second, right)));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            system.terminate();
            system.getWhenTerminated().toCompletableFuture().get();
        }
        awaitNoLoop();
        assertThat(right).hasValue(2 * THREADS * PAGES_EACH);
        assertThat(loopThreads).containsExactly(EventLoop.THREAD_NAME);
    }

    private static NativeUserfaultPort port(NativeRegion region) {
        NativeUserfaultPort port = NativeUserfaultPort.open(
                LinuxSupport.probe().opening(), UserfaultFeatures.THREAD_ID, NanoClock.monotonic());
        assertThat(port.register(region.address(), region.bytes(), UserfaultModes.REGISTER_MISSING).isOk()).isTrue();
        return port;
    }

    private static Behavior<Command> filler(NativeRegion region, NativeUserfaultPort port, Set<String> threads) {
        return Behaviors.setup(context -> new Filler(context, region, port, threads));
    }

    private static void touchOwn(int thread, NativeRegion first, NativeRegion second, AtomicInteger right) {
        MemorySegment word = Arena.ofAuto().allocate(ValueLayout.JAVA_LONG);
        for (int i = 0; i < PAGES_EACH; i++) {
            long number = (long) i * THREADS + thread;
            for (NativeRegion region : List.of(first, second)) {
                if (region.read(number * PAGE, word) == Errno.OK && word.get(ValueLayout.JAVA_LONG, 0) == number) {
                    right.incrementAndGet();
                }
            }
        }
    }

    /** The dispatcher ends its executor when the system has ended, on another thread. */
    private static void awaitNoLoop() throws InterruptedException {
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().equals(EventLoop.THREAD_NAME)) {
                thread.join();
            }
        }
    }
}
