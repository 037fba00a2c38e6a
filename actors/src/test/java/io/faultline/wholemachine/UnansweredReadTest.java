package io.faultline.wholemachine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import io.faultline.actors.AccessResult;
import io.faultline.embed.Access;
import io.faultline.machine.Report;
import io.faultline.memory.PageBuffer;
import io.faultline.source.ReadResult;
import io.faultline.source.SourceTiming;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads that are not answered, on threads by a source that really blocks, in virtual time by a stall without end. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UnansweredReadTest {
    private static final long STUCK_PAGE = 5;

    /** Blocks on one page, as often as told, until it is released. */
    private static class StuckSource extends RecordingSource {
        private final CountDownLatch release = new CountDownLatch(1);
        private final Semaphore stuck = new Semaphore(0);
        private final int stuckReads;

        StuckSource(int stuckReads) {
            super(true);
            this.stuckReads = stuckReads;
        }

        boolean isStuck(long page) {
            return page == STUCK_PAGE;
        }

        void awaitReads(int reads) {
            try {
                assertThat(stuck.tryAcquire(reads, 20, TimeUnit.SECONDS)).as("%d reads are stuck", reads).isTrue();
            } catch (InterruptedException interrupt) {
                throw new AssertionError("interrupted", interrupt);
            }
        }

        @Override
        ReadResult answer(long firstPage, PageBuffer destination, int earlier) {
            if (isStuck(firstPage) && earlier < stuckReads) {
                stuck.release();
                try {
                    release.await();
                } catch (InterruptedException interrupt) {
                    Thread.currentThread().interrupt();
                    return ReadResult.failed("interrupted");
                }
            }
            return super.answer(firstPage, destination, earlier);
        }
    }

    private static List<CompletableFuture<AccessResult>> readEveryPage(DrivenMachine machine, long except) {
        List<CompletableFuture<AccessResult>> reads = new ArrayList<>();
        for (int page = 0; page < 256; page++) {
            if (page != except) {
                reads.add(machine.begin(1 + page % 7, page, Access.READ));
            }
        }
        return reads;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 8})
    void shouldServeOthersWhileAPageIsStuckThenGiveItUpAndFreeItsSlot(int inFlight) {
        StuckSource source = new StuckSource(Integer.MAX_VALUE);
        try (DrivenMachine machine = new DrivenMachine(TestWorld.THREADS,
                spec -> spec.source(source)
                        .verify(false)
                        .inFlight(inFlight)
                        .fetchAttempts(2)
                        .fetchBackoffNanos(1000)
                        .fetchTimeoutNanos(100_000_000))) {
            CompletableFuture<AccessResult> stuck = machine.begin(0, STUCK_PAGE, Access.READ);
            for (CompletableFuture<AccessResult> read : readEveryPage(machine, STUCK_PAGE)) {
                assertThat(machine.settle(read).failed()).isFalse();
            }
            assertThat(machine.settle(stuck).failed()).isTrue();

            Report report = machine.report();
            assertThat(report.brokenInvariants()).isEmpty();
            assertThat(report.faults().poisoned()).isEqualTo(1);
            assertThat(report.faults().failed()).isEqualTo(1);
            assertThat(report.io().errors()).as("both attempts went unanswered").isGreaterThanOrEqualTo(2);
            assertThat(report.pages().installed()).isEqualTo(255);
            source.release.countDown();
        } finally {
            source.release.countDown();
        }
        assertThat(source.readsOf(STUCK_PAGE)).as("in company, if at all, and then twice alone").isBetween(2, 3);
    }

    @Test
    void shouldInstallWhatTheSecondAttemptBringsAndIgnoreTheFirst() {
        StuckSource source = new StuckSource(1);
        try (DrivenMachine machine = new DrivenMachine(TestWorld.THREADS,
                spec -> spec.source(source)
                        .inFlight(1)
                        .fetchBackoffNanos(1000)
                        .fetchTimeoutNanos(50_000_000))) {
            assertThat(machine.read(0, STUCK_PAGE).failed()).isFalse();
            assertThat(machine.write(1, STUCK_PAGE).failed()).isFalse();
            source.release.countDown(); // the first attempt's bytes arrive now
            for (CompletableFuture<AccessResult> read : readEveryPage(machine, -1)) {
                assertThat(machine.settle(read).failed()).isFalse();
            }

            Report report = machine.report();
            assertThat(report.brokenInvariants()).isEmpty();
            assertThat(report.pages().verified()).isEqualTo(257);
            assertThat(report.faults().retried()).isEqualTo(1);
        } finally {
            source.release.countDown();
        }
    }

    @Test
    void shouldFreeTheSlotOfAStallWithoutEndInVirtualTime() {
        try (DrivenMachine machine = new DrivenMachine(TestWorld.VIRTUAL,
                spec -> spec.inFlight(1)
                        .fetchAttempts(1)
                        .fetchTimeoutNanos(1_000_000)
                        .sourceTiming(SourceTiming.INSTANT.withStalls(0.5, 1_000_000_000)))) {
            List<CompletableFuture<AccessResult>> reads = readEveryPage(machine, -1);
            machine.machine().runUntilIdle();

            assertThat(reads).allMatch(CompletableFuture::isDone);
            long failed = reads.stream().filter(read -> read.join().failed()).count();
            Report report = machine.report();
            assertThat(report.brokenInvariants()).isEmpty();
            assertThat(failed).isBetween(64L, 192L).isEqualTo(report.faults().failed());
            assertThat(report.pages().installed()).isEqualTo(256 - failed);
            assertThat(report.io().inFlightPeak()).isEqualTo(1);
        }
    }

    @Test
    void shouldCloseItsSourceAfterTheLastReadAlsoWhenReadsNeverHadAThread() {
        StuckSource source = new StuckSource(Integer.MAX_VALUE) {
            @Override
            boolean isStuck(long page) {
                return true;
            }
        };
        try (DrivenMachine machine = new DrivenMachine(TestWorld.THREADS,
                spec -> spec.source(_ -> source).vcpus(64).memslots(64).fetchTimeoutNanos(60_000_000_000L))) {
            for (int vcpu = 0; vcpu < 64; vcpu++) {
                var _ = machine.begin(vcpu, vcpu * 4L, Access.READ);
            }
            source.awaitReads(16); // as many as there are threads; the others wait for one
            source.release.countDown();
        }
        assertThat(source.closedCount()).isEqualTo(1);
        assertThat(source.wasMisused()).as("closed while read, or read when closed").isFalse();
    }
}
