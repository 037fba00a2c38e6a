package io.faultline.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;

import io.faultline.memory.FrameContents;
import io.faultline.memory.FramePool;
import io.faultline.memory.PageBuffer;
import io.faultline.memory.PageSize;
import io.faultline.source.PageSource;
import io.faultline.source.PageSources;
import io.faultline.time.SplitMix;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConcurrentVerificationTest {
    private static final int THREADS = 4;
    private static final int PAGES = 3;
    private static final int ACCESSES = 40_000;

    @ParameterizedTest
    @CsvSource({"1,false", "2,false", "3,true", "4,true"})
    void shouldVerifyEveryReadOfThreadsThatReadAndWriteTheSamePages(long seed, boolean tokens) throws Exception {
        try (FramePool frames = install(tokens)) {
            VerificationTally tally = race(seed, frames.contents(), new PageCounters(PAGES), -1);

            assertThat(tally.corruptions()).as("seed %d", seed).isEmpty();
            assertThat(tally.verified()).as("seed %d", seed).isGreaterThan(THREADS * ACCESSES / 3);
        }
    }

    @ParameterizedTest
    @CsvSource({"1,false", "2,true"})
    void shouldCatchOneLostWriteAmongThemAll(long seed, boolean tokens) throws Exception {
        try (FramePool frames = install(tokens)) {
            // One thread takes back one write half-way: from then on every quiet moment shows one missing.
            var counters = new PageCounters(PAGES);
            VerificationTally tally = race(seed, frames.contents(), counters, ACCESSES / 2);
            var verifier = new Verifier(PageSources.synthetic(1), frames.contents(), counters);

            assertThat(verifier.read(0, 0, true, tally)).as("seed %d", seed).isFalse();
            assertThat(tally.corruptions()).as("seed %d", seed)
                    .allSatisfy(corruption -> assertThat(corruption.kind())
                            .isEqualTo(Corruption.Kind.WRITES_MISSING));
        }
    }

    private static FramePool install(boolean tokens) {
        FramePool frames = tokens ? FramePool.tokens(PAGES) : FramePool.bytes(PAGES);
        PageBuffer buffer = tokens ? PageBuffer.tokens(PageSize.SIZE_4K, PAGES)
                : PageBuffer.bytes(PageSize.SIZE_4K, PAGES);
        try (PageSource source = PageSources.synthetic(1)) {
            assertThat(source.read(0, buffer).isOk()).isTrue();
        }
        frames.contents().copyIn(0, buffer, 0, PAGES);
        return frames;
    }

    /** Page p is in frame p. At one thread's access of the given number a write to page 0 is taken back. */
    private static VerificationTally race(long seed, FrameContents contents, PageCounters counters, int loseAt)
            throws Exception {
        var verifier = new Verifier(PageSources.synthetic(1), contents, counters);
        var start = new CyclicBarrier(THREADS);
        var tasks = new ArrayList<Callable<VerificationTally>>();
        for (int thread = 0; thread < THREADS; thread++) {
            SplitMix random = new SplitMix(seed).split(thread);
            boolean loses = thread == 0;
            tasks.add(() -> {
                var tally = new VerificationTally();
                start.await();
                for (int i = 0; i < ACCESSES; i++) {
                    int page = random.nextInt(PAGES);
                    if (loses && i == loseAt) {
                        contents.addToWord(0, -1);
                    }
                    if (random.nextInt(2) == 0) {
                        verifier.write(page, page);
                    } else {
                        verifier.read(page, page, random.nextInt(4) == 0, tally);
                    }
                }
                return tally;
            });
        }
        var total = new VerificationTally();
        try (var threads = Executors.newFixedThreadPool(THREADS)) {
            for (var tally : threads.invokeAll(tasks)) {
                total.add(tally.get());
            }
        }
        return total;
    }
}
