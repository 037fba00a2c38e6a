package io.faultline.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HashSet;

import io.faultline.memory.PageBuffer;
import io.faultline.memory.PageSize;
import io.faultline.registry.InvalidInputException;
import io.faultline.registry.Registration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PageSourcesTest {
    private static long[] words(PageSource source, long firstPage, PageSize size, int pages) {
        PageBuffer buffer = PageBuffer.bytes(size, pages);
        assertThat(source.read(firstPage, buffer)).isEqualTo(ReadResult.ok(pages));
        return buffer.bytes().toArray(ValueLayout.JAVA_LONG);
    }

    @Test
    void shouldComputeDifferentContentsForEveryPageAndWord() {
        var words = new HashSet<Long>();
        try (PageSource source = PageSources.synthetic(3)) {
            for (int page = 0; page < 64; page++) {
                Arrays.stream(words(source, page, PageSize.SIZE_4K, 1)).forEach(words::add);
            }
        }
        assertThat(words).hasSize(64 * 512);
    }

    @Test
    void shouldComputeTheSameContentsInEveryPageSizeAndForTokens() {
        try (PageSource source = PageSources.synthetic(3); PageSource again = PageSources.synthetic(3)) {
            long[] large = words(source, 1, PageSize.SIZE_2M, 1);
            assertThat(words(again, 512, PageSize.SIZE_4K, 512)).isEqualTo(large);

            PageBuffer tokens = PageBuffer.tokens(PageSize.SIZE_2M, 1);
            assertThat(source.read(1, tokens).isOk()).isTrue();
            assertThat(tokens.token(511)).isEqualTo(large[511 * 512]);
        }
    }

    @Test
    void shouldTakeTheRunsSeedUnlessTold() {
        var shape = new SourceShape(1 << 20, 77);
        long[] ofRun = words(PageSources.synthetic(77), 0, PageSize.SIZE_4K, 1);

        assertThat(words(open("synthetic", shape), 0, PageSize.SIZE_4K, 1)).isEqualTo(ofRun);
        assertThat(words(open("synthetic:seed=78", shape), 0, PageSize.SIZE_4K, 1)).isNotEqualTo(ofRun);
        assertThat(words(open("synthetic:77", new SourceShape(1, 5)), 0, PageSize.SIZE_4K, 1)).isEqualTo(ofRun);
    }

    private static PageSource open(String text, SourceShape shape) {
        return PageSources.registry().create(text).open(shape);
    }

    @Test
    void shouldOverwriteWithZerosWhatABufferHeld() {
        try (PageSource source = PageSources.zero()) {
            PageBuffer bytes = PageBuffer.bytes(PageSize.SIZE_4K, 2);
            bytes.bytes().fill((byte) 1);
            PageBuffer tokens = PageBuffer.tokens(PageSize.SIZE_4K, 2);
            tokens.token(1, 9);

            assertThat(source.read(0, bytes).isOk()).isTrue();
            assertThat(source.read(0, tokens).isOk()).isTrue();

            assertThat(bytes.bytes().toArray(ValueLayout.JAVA_BYTE)).containsOnly(0);
            assertThat(tokens.token(1)).isZero();
        }
    }

    @Test
    void shouldListItsSourcesInOneLineEach() {
        assertThat(PageSources.registry().all()).extracting(Registration::name)
                .containsExactly("file", "memory", "synthetic", "zero");
    }

    @Test
    void shouldFailAndEndShortAsOftenAsToldAndTheSameWayEachTime() {
        long[] once = faults(11);
        assertThat(faults(11)).isEqualTo(once);
        assertThat(faults(12)).isNotEqualTo(once);
        // Of 4000 reads a fifth fails and a tenth of the others ends short; five standard deviations.
        assertThat((double) Arrays.stream(once).filter(fault -> fault == 2).count()).isCloseTo(800, within(127.0));
        assertThat((double) Arrays.stream(once).filter(fault -> fault == 1).count()).isCloseTo(320, within(86.0));
    }

    private static long[] faults(long seed) {
        var faults = new long[4_000];
        try (PageSource source = new FaultySource(PageSources.synthetic(1), 0.2, 0.1, seed)) {
            PageBuffer buffer = PageBuffer.tokens(PageSize.SIZE_4K, 4);
            for (int i = 0; i < faults.length; i++) {
                ReadResult result = source.read(i % 1_000, buffer);
                faults[i] = switch (result.status()) {
                    case OK -> 0;
                    case SHORT -> result.pagesRead() == 2 ? 1 : -1;
                    case ERROR -> 2;
                };
            }
        }
        return faults;
    }

    @ParameterizedTest
    @CsvSource({"0,4096,0", "1000000000,4096,4096", "1,1,1000000000", "3,1,333333334", "2147483648,4096,1908",
        "1099511627776,1099511627776,1000000000", "9000000000000000000,4500000000000000000,500000000"})
    void shouldTellHowLongBytesTakeRoundedUp(long bytesPerSecond, long bytes, long nanos) {
        assertThat(SourceTiming.INSTANT.withBytesPerSecond(bytesPerSecond).transferNanos(bytes)).isEqualTo(nanos);
    }

    @Test
    void shouldRefuseTimingOutOfRange() {
        assertInvalid(() -> SourceTiming.INSTANT.withLatencyNanos(-1), "latency must be at least 0 ns, not -1");
        assertInvalid(() -> SourceTiming.INSTANT.withBytesPerSecond(-1), "rate must be at least 0 B/s, not -1");
        assertInvalid(() -> SourceTiming.INSTANT.withErrorRate(1.5), "error rate must be from 0 to 1, not 1.5");
        assertInvalid(() -> SourceTiming.INSTANT.withStalls(Double.NaN, 1), "stall rate must be from 0 to 1");
        assertInvalid(() -> SourceTiming.INSTANT.withStalls(0.1, -1), "stall must be at least 0 ns, not -1");
    }

    private static void assertInvalid(Runnable action, String message) {
        assertThatExceptionOfType(InvalidInputException.class).isThrownBy(action::run).withMessageContaining(message);
    }

    @Test
    void shouldStallTheShareOfReadsThatIsToldIndependentlyOfErrors() {
        var timing = SourceTiming.INSTANT.withErrorRate(0.5).withStalls(0.5, 30);
        var counts = new int[4];
        for (int page = 0; page < 4_000; page++) {
            counts[(timing.isError(9, page, 2) ? 1 : 0) + (timing.stallNanos(9, page, 2) == 30 ? 2 : 0)]++;
        }
        assertThat(Arrays.stream(counts)).allMatch(count -> count >= 863 && count <= 1137);
        assertThat(timing.isInstant()).isFalse();
        assertThat(SourceTiming.INSTANT.isInstant()).isTrue();
    }

    @Test
    void shouldNotCallARightResultWrongOrAWrongOneRight() {
        assertThatIllegalArgumentException().isThrownBy(() -> new ReadResult(ReadResult.Status.OK, 1, "why"));
        assertThatIllegalArgumentException().isThrownBy(() -> new ReadResult(ReadResult.Status.ERROR, 1, null));
        assertThatIllegalArgumentException().isThrownBy(() -> new ReadResult(ReadResult.Status.OK, -1, null));
    }
}
