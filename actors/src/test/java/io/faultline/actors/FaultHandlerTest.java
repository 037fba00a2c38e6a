package io.faultline.actors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;

import io.faultline.ring.PageBatch;
import io.faultline.ring.Resolution;
import io.faultline.ring.ResolutionPolicy;
import io.faultline.time.SplitMix;
import io.faultline.userfault.FaultKind;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FaultHandlerTest {
    private TestRing ring = new TestRing(TestRing.spec().fetchers(2).build());
    private ActorRef<FaultHandler.Command> handler = ring.spawn(FaultHandler.create(ring.parts, 0, 3));

    @AfterEach
    void close() {
        ring.close();
    }

    private void credit(int fetcher, int fetcherIncarnation, int handlerIncarnation, int pages) {
        ring.tell(handler, new FaultHandler.Credit(fetcher, ring.parts.fetchers().get(fetcher), fetcherIncarnation,
                handlerIncarnation, pages));
    }

    private void resolve(PageBatch batch) {
        ring.tell(handler, new FaultHandler.Resolve(batch, false));
    }

    private List<Long> fetched(int fetcher) {
        return ring.fetchers.get(fetcher)
                .take(PageFetcher.Fetch.class)
                .stream()
                .flatMap(fetch -> Batches.pages(fetch.batch()).stream())
                .toList();
    }

    @Test
    void shouldSendBackWhatNeedsNoBytesAndFetchTheRest() {
        PageBatch batch = new PageBatch(1, 5);
        batch.add(8, 1, FaultKind.MISSING, false, false, 0);
        batch.add(9, 2, FaultKind.MISSING, false, true, 0);
        batch.add(10, 3, FaultKind.MINOR, false, false, 0);
        batch.add(11, 4, FaultKind.WRITE_PROTECT, true, false, 0);
        batch.add(12, 5, FaultKind.MISSING, true, false, 0);
        credit(0, 0, 3, 4);

        resolve(batch);

        assertThat(ring.memslots.get(1).take(Memslot.Install.class)).extracting(install -> install.batch().resolution(),
                install -> Batches.pages(install.batch()))
                .containsExactlyInAnyOrder(tuple(Resolution.ZEROPAGE, List.of(9L)),
                        tuple(Resolution.CONTINUE, List.of(10L)),
                        tuple(Resolution.UNPROTECT, List.of(11L)));
        PageFetcher.Fetch fetch = ring.fetchers.get(0).takeOne(PageFetcher.Fetch.class);
        assertThat(Batches.pages(fetch.batch())).containsExactly(8L, 12L);
        assertThat(fetch.handlerIncarnation()).isEqualTo(3);
        assertThat(fetch.batch().attempt(1)).isEqualTo(5);
        ring.memslots.get(0).wasToldNothing();
    }

    @Test
    void shouldWaitForCreditsAndSendNoMoreThanThereAre() {
        resolve(Batches.missing(0, 1, 2, 3, 4));
        resolve(Batches.missing(5, 6));
        assertThat(fetched(0)).isEmpty();

        credit(0, 0, 3, 2);
        assertThat(fetched(0)).containsExactly(0L, 1L);
        credit(1, 0, 3, 4);
        assertThat(fetched(1)).containsExactly(2L, 3L, 4L, 5L);
        assertThat(fetched(0)).isEmpty();
        credit(0, 0, 3, 8);
        assertThat(fetched(0)).containsExactly(6L);
    }

    /** What is asked for again must not wait twice: a handler has room for each page once. */
    @Test
    void shouldForgetThePagesOfAMemslotThatItIsToldToAndNoOthers() {
        resolve(Batches.missing(0, 1, 2, 3, 4));
        resolve(Batches.missing(5, 6));

        ring.tell(handler, new FaultHandler.Forget(0, 2, 6));
        ring.tell(handler, new FaultHandler.Forget(1, 0, 7));
        credit(0, 0, 3, 20);

        assertThat(fetched(0)).containsExactly(0L, 1L, 6L);
    }

    @Test
    void shouldLetABatchThatContinuesAMemslotsTurnWaitBeforeOthers() {
        resolve(Batches.missing(0, 1));
        ring.tell(handler, new FaultHandler.Resolve(Batches.missing(2), true));
        resolve(Batches.missing(3));

        credit(0, 0, 3, 8);

        assertThat(fetched(0)).containsExactly(2L, 0L, 1L, 3L);
    }

    @Test
    void shouldIgnoreCreditsGrantedToAnotherHandlerOrByAFetcherOfThePast() {
        credit(0, 2, 3, 1);
        resolve(Batches.missing(0, 1, 2));
        assertThat(fetched(0)).containsExactly(0L);

        credit(0, 1, 3, 5);
        credit(0, 2, 2, 5);
        credit(0, 2, 4, 5);

        assertThat(fetched(0)).isEmpty();
        credit(0, 2, 3, 1);
        assertThat(fetched(0)).containsExactly(1L);
    }

    @Test
    void shouldForgetWhatAFetcherGrantedWhenANewerOneGrants() {
        credit(0, 0, 3, 5);
        credit(0, 1, 3, 2);

        resolve(Batches.missing(0, 1, 2, 3));

        assertThat(fetched(0)).containsExactly(0L, 1L);
    }

    @Test
    void shouldSendNothingOnTheCreditsOfAFetcherThatWasReplaced() {
        credit(0, 0, 3, 5);
        Recorder<PageFetcher.Command> successor = ring.recorder();
        ring.parts.fetchers().replace(0, successor.ref());

        resolve(Batches.missing(0, 1));

        assertThat(fetched(0)).as("the dead one").isEmpty();
        successor.wasToldNothing();
        credit(0, 1, 3, 2);
        assertThat(Batches.pages(successor.takeOne(PageFetcher.Fetch.class).batch())).containsExactly(0L, 1L);
    }

    @Test
    void shouldStopWhenThePolicyThrowsSoThatItCanBeReplaced() {
        ring.close();
        ring = new TestRing(TestRing.spec().resolutionPolicy(new ResolutionPolicy() {
            @Override
            public String name() {
                return "broken";
            }

            @Override
            public Resolution decide(FaultKind kind, long page, boolean write, boolean removed) {
                throw new IllegalStateException("injected");
            }
        }).build());
        handler = ring.spawn(FaultHandler.create(ring.parts, 0, 0));

        resolve(Batches.missing(0));

        assertThat(ring.isDead(handler)).isTrue();
    }

    /** The test plays both fetchers and gives back what it got, in pieces. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void shouldNeverExceedItsCreditsAndForgetNoPage(long seed) {
        SplitMix random = new SplitMix(seed);
        int[] held = new int[2];
        long resolved = 0;
        long sent = 0;
        credit(0, 0, 3, 5);
        credit(1, 0, 3, 7);
        for (int step = 0; step < 400; step++) {
            int fetcher = random.nextInt(2);
            if (random.nextInt(3) == 0) {
                long[] pages = new long[1 + random.nextInt(9)];
                resolved += pages.length;
                resolve(Batches.missing(pages));
            } else if (held[fetcher] > 0) {
                int back = 1 + random.nextInt(held[fetcher]);
                held[fetcher] -= back;
                credit(fetcher, 0, 3, back);
            }
            for (int index = 0; index < 2; index++) {
                int pages = fetched(index).size();
                sent += pages;
                held[index] += pages;
            }
            assertThat(held[0]).as("seed %d, step %d", seed, step).isBetween(0, 5);
            assertThat(held[1]).as("seed %d, step %d", seed, step).isBetween(0, 7);
            assertThat(sent == resolved || (held[0] == 5 && held[1] == 7))
                    .as("seed %d, step %d: pages wait only when all credits are spent", seed, step)
                    .isTrue();
        }
    }
}
