package io.faultline.actors;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

import io.faultline.machine.MachineSpecBuilder;
import io.faultline.memory.PageBuffer;
import io.faultline.ring.PageBatch;
import io.faultline.ring.Resolution;
import io.faultline.source.ReadResult;
import io.faultline.source.SourceTiming;
import io.faultline.time.SplitMix;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One fetcher with room for four pages in flight, which grants eight credits to each handler. */
class PageFetcherTest {
    private static final int CREDITS = 8;

    private final TestSource source = new TestSource();
    private TestRing ring = new TestRing(spec().build());
    private ActorRef<PageFetcher.Command> fetcher = ring.spawn(PageFetcher.create(ring.parts, 0, 0));

    @AfterEach
    void close() {
        ring.close();
    }

    private MachineSpecBuilder spec() {
        return TestRing.spec().source(source);
    }

    private void restart(MachineSpecBuilder spec) {
        ring.close();
        ring = new TestRing(spec.build());
        fetcher = ring.spawn(PageFetcher.create(ring.parts, 0, 0));
    }

    private void fetch(PageBatch batch) {
        ring.tell(fetcher, new PageFetcher.Fetch(batch, 0));
    }

    private List<PageBatch> installs(int memslot) {
        return ring.memslots.get(memslot).take(Memslot.Install.class).stream().map(Memslot.Install::batch).toList();
    }

    private PageBatch oneInstall() {
        return ring.memslots.get(0).takeOne(Memslot.Install.class).batch();
    }

    private void giveBack(PageBatch batch) {
        ring.tell(fetcher, new PageFetcher.Return(batch));
    }

    private int granted(int handler) {
        return ring.handlers.get(handler)
                .take(FaultHandler.Credit.class)
                .stream()
                .mapToInt(FaultHandler.Credit::pages)
                .sum();
    }

    @Test
    void shouldGrantEachHandlerItsCreditsWhenItStarts() {
        restart(spec().handlers(2));

        for (Recorder<FaultHandler.Command> handler : ring.handlers) {
            assertThat(handler.takeOne(FaultHandler.Credit.class))
                    .isEqualTo(new FaultHandler.Credit(0, fetcher, 0, 0, CREDITS));
        }
    }

    @Test
    void shouldReadPagesIntoItsSlotsAndHandThemToTheMemslot() {
        fetch(Batches.missing(2, 5));

        PageBatch install = oneInstall();
        assertThat(Batches.pages(install)).containsExactly(2L, 5L);
        assertThat(install.buffer(0).token(0)).isEqualTo(1_002);
        assertThat(install.buffer(1).token(0)).isEqualTo(1_005);
        assertThat(install.slot(0)).isNotEqualTo(install.slot(1));
        assertThat(install.fetcher()).isZero();
        assertThat(ring.parts.counters().reads.sum()).isEqualTo(2);
        assertThat(ring.parts.counters().readBytes.sum()).isEqualTo(8192);
    }

    @Test
    void shouldGiveCreditsBackWhenTheSlotsCome() {
        fetch(Batches.missing(2, 5));
        PageBatch install = oneInstall();
        assertThat(granted(0)).as("at the start").isEqualTo(CREDITS);

        giveBack(install);
        assertThat(granted(0)).isEqualTo(2);
        giveBack(install);

        assertThat(granted(0)).as("slots given back twice").isZero();
    }

    @Test
    void shouldNeverHaveMorePagesInFlightThanItsLimit() {
        restart(spec().sourceTiming(SourceTiming.INSTANT.withLatencyNanos(1_000)));
        fetch(Batches.missing(0, 1, 2));
        fetch(Batches.missing(3, 4, 5, 6, 7));

        assertThat(ring.parts.counters().inFlight()).isEqualTo(4);
        ring.pass(999);
        assertThat(installs(0)).isEmpty();
        ring.pass(1);
        assertThat(installs(0)).extracting(Batches::pages).containsExactlyInAnyOrder(List.of(0L, 1L, 2L), List.of(3L));
        assertThat(ring.parts.counters().inFlight()).isEqualTo(4);
        ring.pass(1_000);
        assertThat(installs(0).stream().flatMap(batch -> Batches.pages(batch).stream()))
                .containsExactlyInAnyOrder(4L, 5L, 6L, 7L);
        assertThat(ring.parts.counters().inFlight()).isZero();
        assertThat(ring.parts.counters().inFlightPeak()).isEqualTo(4);
    }

    @Test
    void shouldTryAgainOnlyWhatFailedAfterABackOff() {
        restart(spec().fetchBackoffNanos(700));
        source.failures = 1;
        fetch(Batches.missing(3, 4));

        assertThat(Batches.pages(oneInstall())).containsExactly(4L);
        ring.pass(699);
        ring.memslots.get(0).wasToldNothing();
        ring.pass(1);

        PageBatch second = oneInstall();
        assertThat(Batches.pages(second)).containsExactly(3L);
        assertThat(second.buffer(0).token(0)).isEqualTo(1_003);
        assertThat(source.reads).containsExactly(3L, 4L, 3L);
        assertThat(ring.parts.counters().retried.sum()).isEqualTo(1);
        assertThat(ring.parts.counters().readErrors.sum()).isEqualTo(1);
    }

    @Test
    void shouldHaveAPagePoisonedThatFailedEveryTimeAndKeepNothingForIt() {
        restart(spec().fetchAttempts(3).fetchBackoffNanos(100));
        granted(0);
        source.failures = Integer.MAX_VALUE;
        fetch(Batches.missing(3));
        ring.pass(299);
        ring.memslots.get(0).wasToldNothing();
        ring.pass(1);

        PageBatch poison = oneInstall();
        assertThat(poison.resolution()).isEqualTo(Resolution.POISON);
        assertThat(poison.fetcher()).isEqualTo(PageBatch.NO_FETCHER);
        assertThat(poison.slot(0)).isEqualTo(PageBatch.NO_SLOT);
        assertThat(poison.failure()).contains("page 3", "injected");
        assertThat(granted(0)).isEqualTo(1);
        assertThat(source.reads).hasSize(3);
    }

    @Test
    void shouldTakeWhatTheSourceThrowsForAFailedRead() {
        restart(TestRing.spec().fetchAttempts(1).source(new TestSource() {
            @Override
            public ReadResult read(long firstPage, PageBuffer destination) {
                if (firstPage == 1) {
                    throw new AssertionError("injected assertion");
                }
                throw new IllegalStateException("injected exception");
            }
        }));
        fetch(Batches.missing(0));
        fetch(Batches.missing(1));

        assertThat(installs(0)).extracting(PageBatch::resolution).containsExactly(Resolution.POISON, Resolution.POISON);
        assertThat(ring.isDead(fetcher)).isFalse();
    }

    @Test
    void shouldStopWhenItsStreamFailsSoThatItCanBeReplaced() {
        restart(TestRing.spec().source(new TestSource() {
            @Override
            public boolean blocking() {
                throw new IllegalStateException("injected");
            }
        }));
        fetch(Batches.missing(0));

        assertThat(ring.isDead(fetcher)).isTrue();
        assertThat(ring.parts.counters().inFlight()).isZero();
    }

    /** Reads stall for 100 µs; after 1 µs, 1.5 at most, a read is given up. */
    private MachineSpecBuilder stalling(int attempts) {
        return spec().sourceTiming(SourceTiming.INSTANT.withStalls(1, 100_000))
                .fetchTimeoutNanos(1_000)
                .fetchBackoffNanos(10)
                .fetchAttempts(attempts);
    }

    /** Each page in a batch of its own: those of a larger one would be read once more by themselves. */
    private void fetchSingly(int pages) {
        for (int page = 0; page < pages; page++) {
            fetch(Batches.missing(page));
        }
    }

    @Test
    void shouldFreeTheRoomOfAReadThatIsNotAnsweredInTime() {
        restart(stalling(1));
        fetchSingly(6);
        assertThat(ring.parts.counters().inFlight()).isEqualTo(4);

        ring.pass(1_500);

        assertThat(installs(0)).extracting(PageBatch::resolution).containsOnly(Resolution.POISON);
        assertThat(ring.parts.counters().inFlight()).as("the next two are being read").isEqualTo(2);
        assertThat(ring.parts.counters().inFlightPeak()).isEqualTo(4);
        assertThat(ring.parts.counters().readErrors.sum()).isEqualTo(4);
    }

    @Test
    void shouldReadThePagesOfAStuckBatchOneByOneBeforeAnyIsGivenUp() {
        restart(stalling(1));
        fetch(Batches.missing(0, 1, 2, 3));

        ring.pass(1_500);
        assertThat(installs(0)).as("which of them was stuck is not known").isEmpty();
        assertThat(ring.parts.counters().inFlight()).isEqualTo(4);

        ring.pass(1_500);
        assertThat(installs(0)).hasSize(4).allMatch(batch -> batch.count() == 1);
    }

    @Test
    void shouldHaveASlotForEveryCreditAlsoWhileAllReadsBeforeAreStuck() {
        restart(stalling(1));
        granted(0);
        for (int round = 0; round < 5; round++) {
            fetchSingly(CREDITS);
            ring.pass(4_000);

            assertThat(ring.isDead(fetcher)).as("round %d", round).isFalse();
            assertThat(granted(0)).as("round %d", round).isEqualTo(CREDITS);
        }
        ring.pass(200_000);
        assertThat(ring.parts.counters().reads.sum()).as("late reads").isEqualTo(5 * CREDITS);
        fetch(Batches.missing(LongStream.range(0, CREDITS).toArray()));
        assertThat(ring.isDead(fetcher)).isFalse();
    }

    @Test
    void shouldReadAgainIntoAnotherSlotWhileTheStuckReadMayStillWriteToTheFirst() {
        restart(spec().sourceTiming(SourceTiming.INSTANT.withStalls(0.5, 100_000))
                .fetchTimeoutNanos(1_000)
                .fetchBackoffNanos(10)
                .fetchAttempts(30));
        Map<Integer, Long> heldBy = new HashMap<>();
        fetch(Batches.missing(0, 1, 2, 3));
        fetch(Batches.missing(4, 5, 6, 7));

        ring.pass(300_000);

        List<PageBatch> arrived = installs(0);
        assertThat(arrived.stream().mapToInt(PageBatch::count).sum()).isEqualTo(CREDITS);
        for (PageBatch batch : arrived) {
            for (int index = 0; index < batch.count(); index++) {
                assertThat(heldBy.put(batch.slot(index), batch.page(index))).as("one page a slot").isNull();
                assertThat(batch.buffer(index).token(0)).isEqualTo(1_000 + batch.page(index));
            }
        }
        assertThat(ring.parts.counters().readErrors.sum()).as("some reads stalled").isPositive();
    }

    @Test
    void shouldIgnoreWhatAHandlerSentThatWasReplaced() {
        granted(0);
        ring.tell(fetcher, new PageFetcher.HandlerReplaced(0, 1));
        granted(0);

        fetch(Batches.missing(0));

        assertThat(source.reads).isEmpty();
        ring.tell(fetcher, new PageFetcher.Fetch(Batches.missing(LongStream.range(0, CREDITS).toArray()), 1));
        assertThat(source.reads).hasSize(CREDITS);
    }

    @Test
    void shouldGrantANewHandlerWhatTheOldOneLeftAndTheRestAsItComesBack() {
        fetch(Batches.missing(0, 1, 2));
        PageBatch install = oneInstall();
        granted(0);

        ring.tell(fetcher, new PageFetcher.HandlerReplaced(0, 1));
        assertThat(ring.handlers.get(0).takeOne(FaultHandler.Credit.class))
                .isEqualTo(new FaultHandler.Credit(0, fetcher, 0, 1, CREDITS - 3));
        ring.tell(fetcher, new PageFetcher.HandlerReplaced(0, 1));
        ring.handlers.get(0).wasToldNothing();
        giveBack(install);

        assertThat(ring.handlers.get(0).takeOne(FaultHandler.Credit.class))
                .isEqualTo(new FaultHandler.Credit(0, fetcher, 0, 1, 3));
    }

    @Test
    void shouldTakeSlotsBackFromAMemslotThatDiedAndOnlyOnce() {
        fetch(Batches.missing(0, 1, 2));
        PageBatch lost = oneInstall();
        granted(0);
        ring.parts.memslots().replace(0, ring.memslots.get(1).ref());

        ring.tell(fetcher, new PageFetcher.MemslotReplaced(1));
        assertThat(granted(0)).as("of another memslot").isZero();
        ring.tell(fetcher, new PageFetcher.MemslotReplaced(0));
        assertThat(granted(0)).isEqualTo(3);
        giveBack(lost);
        ring.tell(fetcher, new PageFetcher.MemslotReplaced(0));

        assertThat(granted(0)).isZero();
    }

    @Test
    void shouldLeaveTheNewMemslotWhatItWasHandedAlready() {
        Recorder<Memslot.Command> successor = ring.recorder();
        ring.parts.memslots().replace(0, successor.ref());
        fetch(Batches.missing(0));
        PageBatch handed = successor.takeOne(Memslot.Install.class).batch();
        granted(0);

        ring.tell(fetcher, new PageFetcher.MemslotReplaced(0));
        assertThat(granted(0)).isZero();
        giveBack(handed);

        assertThat(granted(0)).isEqualTo(1);
    }

    @Test
    void shouldIgnoreSlotsOfTheFetcherBeforeIt() {
        fetch(Batches.missing(0));
        PageBatch old = oneInstall();
        granted(0);
        ActorRef<PageFetcher.Command> successor = ring.spawn(PageFetcher.create(ring.parts, 0, 1));
        assertThat(granted(0)).isEqualTo(CREDITS);

        ring.tell(successor, new PageFetcher.Return(old));

        assertThat(granted(0)).isZero();
    }

    /** Whatever fails, stalls, is replaced or comes late: in the end every credit and every page is accounted for. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void shouldLoseAndInventNoCreditInARandomLife(long seed) {
        SplitMix random = new SplitMix(seed);
        restart(spec().seed(seed)
                .sourceTiming(new SourceTiming(50, 0, 0.3, 0.2, 5_000))
                .fetchTimeoutNanos(1_000)
                .fetchBackoffNanos(10)
                .fetchAttempts(2));
        int incarnation = 0;
        int credits = granted(0);
        int away = 0;
        for (int step = 0; step < 500; step++) {
            int what = random.nextInt(8);
            if (what < 4 && credits > 0) {
                long[] pages = LongStream.range(0, 1 + random.nextInt(credits)).toArray();
                credits -= pages.length;
                away += pages.length;
                ring.tell(fetcher, new PageFetcher.Fetch(Batches.missing(pages), incarnation));
            } else if (what == 7) {
                ring.tell(fetcher, new PageFetcher.HandlerReplaced(0, ++incarnation));
                credits = 0;
            } else {
                ring.pass(random.nextInt(400));
            }
            for (PageBatch batch : installs(0)) {
                if (batch.fetcher() == 0) {
                    giveBack(batch);
                }
                away -= batch.count();
            }
            credits += granted(0);
            assertThat(credits).as("seed %d, step %d", seed, step).isBetween(0, CREDITS);
            assertThat(ring.isDead(fetcher)).as("seed %d, step %d", seed, step).isFalse();
        }
        for (int round = 0; round < 100; round++) {
            ring.pass(1_000);
            for (PageBatch batch : installs(0)) {
                away -= batch.count();
                if (batch.fetcher() == 0) {
                    giveBack(batch);
                }
            }
        }
        assertThat(credits + granted(0)).as("seed %d: all credits are back", seed).isEqualTo(CREDITS);
        assertThat(away).as("seed %d: pages that were never answered", seed).isZero();
    }
}
