package io.faultline.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;

import org.junit.jupiter.api.Test;

class PageCountersTest {
    @Test
    void shouldCountEachPageApartInAMemoryOfTerabytes() {
        long pages = (4L << 40) >>> 12;
        var counters = new PageCounters(pages);
        counters.started(0);
        counters.completed(0);
        counters.started(pages - 1);
        counters.started(pages - 1);

        assertThat(counters.startedCount(0)).isEqualTo(1);
        assertThat(counters.completedCount(0)).isEqualTo(1);
        assertThat(counters.startedCount(1)).isZero();
        assertThat(counters.startedCount(pages / 2)).isZero();
        assertThat(counters.startedCount(pages - 1)).isEqualTo(2);
        assertThat(counters.completedCount(pages - 1)).isZero();
    }

    @Test
    void shouldRefuseAPageThatDoesNotExist() {
        var counters = new PageCounters(10);
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> counters.started(10));
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> counters.completedCount(-1));
    }

    @Test
    void shouldMissNoCountWhenThreadsRaceForTheFirstOfAPart() throws Exception {
        int threads = 4;
        int parts = 200;
        long pagesPerPart = 4_096;
        var counters = new PageCounters(parts * pagesPerPart);
        Callable<Boolean> count = () -> {
            for (int part = 0; part < parts; part++) {
                counters.started(part * pagesPerPart);
            }
            return true;
        };
        try (var pool = Executors.newFixedThreadPool(threads)) {
            var tasks = new ArrayList<Callable<Boolean>>();
            for (int i = 0; i < threads; i++) {
                tasks.add(count);
            }
            for (var done : pool.invokeAll(tasks)) {
                assertThat(done.get()).isTrue();
            }
        }
        for (int part = 0; part < parts; part++) {
            assertThat(counters.startedCount(part * pagesPerPart)).isEqualTo(threads);
        }
    }

    @Test
    void shouldTellKnownWordsFromUnknownOnesWhateverTheirValue() {
        var words = new SourceWords(200);
        words.remember(63, 0);
        words.remember(64, -1);

        assertThat(words.isKnown(63)).isTrue();
        assertThat(words.word(63)).isZero();
        assertThat(words.isKnown(64)).isTrue();
        assertThat(words.word(64)).isEqualTo(-1);
        assertThat(words.isKnown(62)).isFalse();
        assertThat(words.isKnown(127)).isFalse();
        assertThat(words.isKnown(199)).isFalse();
    }
}
