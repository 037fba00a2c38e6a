package io.faultline.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.faultline.memory.PageBuffer;
import io.faultline.memory.PageSize;
import io.faultline.ring.PageBatch;
import io.faultline.schedule.Schedule;
import io.faultline.stream.InFlightReads.Answer;
import io.faultline.time.SplitMix;
import io.faultline.userfault.FaultKind;
import io.faultline.world.internal.VirtualSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.stream.BoundedSourceQueue;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The stage by itself, between a queue and a list; the test ends the reads. */
class InFlightReadsTest {
    private static final int LIMIT = 4;

    private final VirtualSystem<Void> system =
            VirtualSystem.boot("stage", 1, Schedule.random(), _ -> Behaviors.empty());
    private final List<PageBatch> begun = new ArrayList<>();
    private final List<Answer> answers = new ArrayList<>();
    private final BoundedSourceQueue<PageBatch> queue;
    private final InFlightReads.Control control;
    private boolean endsAtOnce;
    private boolean completed;
    private int inFlight;
    private int inFlightPeak;

    InFlightReadsTest() {
        InFlightReads reads = new InFlightReads(LIMIT, this::begin, system.loop(), change -> {
            inFlight += change;
            inFlightPeak = Math.max(inFlightPeak, inFlight);
        });
        var running = Source.<PageBatch>queue(1_000)
                .viaMat(reads, Keep.both())
                .concatLazy(Source.lazySource(() -> {
                    completed = true;
                    return Source.empty();
                }))
                .to(Sink.foreach(answers::add))
                .run(system.system());
        queue = running.first();
        control = running.second();
        settle();
    }

    @AfterEach
    void close() {
        system.close();
    }

    private boolean begin(PageBatch batch, InFlightReads.Control ignored) {
        begun.add(batch);
        return endsAtOnce;
    }

    private void settle() {
        system.loop().advanceTo(system.loop().now());
    }

    private void offer(long... pages) {
        PageBatch batch = new PageBatch(0, pages.length);
        for (int index = 0; index < pages.length; index++) {
            batch.add(pages[index], 1, FaultKind.MISSING, false, false, 0);
            batch.slot(index, (int) pages[index], PageBuffer.tokens(PageSize.SIZE_4K, 1));
        }
        assertThat(queue.offer(batch).isEnqueued()).isTrue();
        settle();
    }

    private void answer(PageBatch batch) {
        control.answered(batch);
        settle();
    }

    private static List<Long> pages(PageBatch batch) {
        List<Long> pages = new ArrayList<>();
        for (int index = 0; index < batch.count(); index++) {
            pages.add(batch.page(index));
        }
        return pages;
    }

    private List<List<Long>> begunPages() {
        List<List<Long>> taken = begun.stream().map(InFlightReadsTest::pages).toList();
        begun.clear();
        return taken;
    }

    @Test
    void shouldBeginNoMoreThanItsLimitAndSplitWhatDoesNotFit() {
        offer(0, 1, 2);
        offer(3, 4, 5, 6, 7, 8);
        PageBatch first = begun.getFirst();
        assertThat(begunPages()).containsExactly(List.of(0L, 1L, 2L), List.of(3L));

        answer(first);

        assertThat(answers).containsExactly(new Answer.Ended(first));
        assertThat(begunPages()).containsExactly(List.of(4L, 5L, 6L));
        assertThat(inFlight).isEqualTo(LIMIT);
        assertThat(inFlightPeak).isEqualTo(LIMIT);
    }

    @Test
    void shouldPassBatchesOnInTheOrderTheyAreAnswered() {
        offer(0);
        offer(1);
        offer(2);
        List<PageBatch> reads = List.copyOf(begun);

        answer(reads.get(2));
        answer(reads.get(0));
        answer(reads.get(1));

        assertThat(answers).containsExactly(new Answer.Ended(reads.get(2)), new Answer.Ended(reads.get(0)),
                new Answer.Ended(reads.get(1)));
        assertThat(inFlight).isZero();
    }

    @Test
    void shouldPassOnAtOnceWhatEndsAtOnce() {
        endsAtOnce = true;
        offer(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);

        assertThat(begunPages()).containsExactly(List.of(0L, 1L, 2L, 3L), List.of(4L, 5L, 6L, 7L), List.of(8L, 9L));
        assertThat(answers).hasSize(3);
        assertThat(inFlight).isZero();
    }

    @Test
    void shouldGiveUpWhatWasBegunBeforeAndLeaveTheSlotsToTheLateAnswer() {
        offer(0, 1);
        system.loop().advanceTo(100);
        offer(2);
        PageBatch stuck = begun.get(0);

        control.expireBegunBy(99);
        settle();

        assertThat(answers).singleElement().isInstanceOfSatisfying(Answer.TimedOut.class, timedOut -> {
            assertThat(pages(timedOut.pages())).containsExactly(0L, 1L);
            assertThat(timedOut.pages().slot(0)).isEqualTo(PageBatch.NO_SLOT);
        });
        assertThat(stuck.slot(1)).isEqualTo(1);
        assertThat(inFlight).isEqualTo(1);
        answers.clear();
        answer(stuck);
        assertThat(answers).containsExactly(new Answer.Late(stuck));
        assertThat(inFlight).isEqualTo(1);
    }

    @Test
    void shouldBeginWhatWaitedWhenSomethingIsGivenUp() {
        offer(0, 1, 2, 3);
        offer(4);
        begunPages();

        control.expireBegunBy(0);
        settle();

        assertThat(begunPages()).containsExactly(List.of(4L));
    }

    @Test
    void shouldCompleteAfterTheLastAnswerWhenUpstreamHasCompleted() {
        offer(0, 1, 2, 3);
        offer(4, 5);
        queue.complete();
        settle();
        assertThat(completed).isFalse();

        answer(begun.get(0));
        assertThat(completed).isFalse();
        answer(begun.get(1));

        assertThat(completed).isTrue();
        assertThat(answers).hasSize(2);
    }

    @Test
    void shouldNotWaitForAReadThatWasGivenUp() {
        offer(0);
        queue.complete();
        settle();

        control.expireBegunBy(0);
        settle();

        assertThat(answers).hasSize(1);
        assertThat(completed).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldAnswerEveryPageOnceWhateverTheOrder(long seed) {
        SplitMix random = new SplitMix(seed);
        long offered = 0;
        for (int step = 0; step < 500; step++) {
            int what = random.nextInt(5);
            if (what < 2 && begun.size() < 20) {
                long[] pages = new long[1 + random.nextInt(6)];
                for (int index = 0; index < pages.length; index++) {
                    pages[index] = offered++;
                }
                offer(pages);
            } else if (what < 4 && !begun.isEmpty()) {
                answer(begun.remove(random.nextInt(begun.size())));
            } else {
                control.expireBegunBy(system.loop().now() - 300);
                system.loop().advanceTo(system.loop().now() + 100);
            }
            assertThat(inFlight).as("seed %d, step %d", seed, step).isBetween(0, LIMIT);
        }
        while (!begun.isEmpty()) {
            answer(begun.removeFirst());
        }
        Set<Long> answered = new HashSet<>();
        int late = 0;
        int timedOut = 0;
        for (Answer answer : answers) {
            switch (answer) {
                case Answer.Ended ended ->
                        pages(ended.batch()).forEach(page -> assertThat(answered.add(page)).isTrue());
                case Answer.TimedOut given -> {
                    timedOut += given.pages().count();
                    pages(given.pages()).forEach(page -> assertThat(answered.add(page)).isTrue());
                }
                case Answer.Late given -> late += given.batch().count();
            }
        }
        assertThat(answered).as("seed %d", seed).hasSize((int) offered);
        assertThat(late).as("seed %d", seed).isEqualTo(timedOut).isPositive();
        assertThat(inFlight).isZero();
    }
}
