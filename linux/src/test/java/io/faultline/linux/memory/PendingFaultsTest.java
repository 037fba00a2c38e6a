package io.faultline.linux.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.faultline.linux.NeedsUserfaultfd;
import io.faultline.linux.NothingLeft;
import io.faultline.memory.Errno;
import io.faultline.memory.PageSize;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The safe way to fault, and beside it, in a JVM of its own, the one that hangs. */
@ExtendWith({NeedsUserfaultfd.class, NothingLeft.class})
class PendingFaultsTest {
    private static final int THREADS = 2000;
    private static final long STACK_BYTES = 256 * 1024;
    private static final long HUNG_SECONDS = 4;
    private static final long CHILD_SECONDS = 100;

    @Test
    @Timeout(value = 2, unit = TimeUnit.MINUTES)
    void shouldCollectGarbageAndDumpThreadsWhileThousandsOfFaultsArePending() throws Exception {
        AtomicInteger right = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        try (NativeRegion region =
                NativeRegion.map(RegionBacking.ANONYMOUS, PageSize.SIZE_4K, THREADS * PageSize.BASE_BYTES)) {
            FaultServer server = new FaultServer(region, THREADS);
            for (int page = 0; page < THREADS; page++) {
                int own = page;
                threads.add(Thread.ofPlatform()
                        .daemon()
                        .name(NothingLeft.THREAD_PREFIX + "-faulting")
                        .stackSize(STACK_BYTES)
                        .start(() -> {
                            if (readsItsNumber(region, own)) {
                                right.incrementAndGet();
                            }
                        }));
            }
            server.awaitPending();
            long collections = collections();
            System.gc();
            assertThat(collections()).isGreaterThan(collections);
            assertThat(ManagementFactory.getThreadMXBean().dumpAllThreads(true, true)).hasSizeGreaterThan(THREADS);
            assertThat(right).as("nobody was resolved meanwhile").hasValue(0);
            server.resolve();
            for (Thread thread : threads) {
                thread.join();
            }
            server.end();
            assertThat(server.faults()).isEqualTo(THREADS);
        }
        assertThat(right).hasValue(THREADS);
    }

    private static boolean readsItsNumber(NativeRegion region, int page) {
        MemorySegment here = Arena.ofAuto().allocate(PageSize.BASE_BYTES);
        return region.read(page * PageSize.BASE_BYTES, here) == Errno.OK
                && here.get(ValueLayout.JAVA_BYTE, 77) == (byte) page;
    }

    private static long collections() {
        return ManagementFactory.getGarbageCollectorMXBeans()
                .stream()
                .mapToLong(collector -> collector.getCollectionCount())
                .sum();
    }

    /** Both children do the same; only how the page is touched differs. */
    @Test
    void shouldHangWhenJavaCodeTouchesAMissingPageAndNotWhenASystemCallDoes() throws Exception {
        assertThat(child("safe")).isEqualTo("ended: collected, resolved");
        assertThat(child("direct")).isEqualTo("hung");
    }

    private static String child(String how) throws Exception {
        Process process = new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                HangingChild.class.getName(),
                how)
                .redirectErrorStream(true)
                .start();
        try (var output = process.inputReader()) {
            String line = output.readLine();
            while (line != null && !line.equals(HangingChild.PENDING)) {
                line = output.readLine(); // a warning of the JVM's
            }
            assertThat(line).as("what the child said before it collects").isEqualTo(HangingChild.PENDING);
            if (!process.waitFor(how.equals("direct") ? HUNG_SECONDS : CHILD_SECONDS, TimeUnit.SECONDS)) {
                return "hung";
            }
            return "ended: " + output.readLine();
        } finally {
            process.destroyForcibly().waitFor();
        }
    }
}
