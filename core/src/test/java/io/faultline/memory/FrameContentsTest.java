package io.faultline.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameContentsTest {
    private static final long FRAMES = 2000;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldCopyInAndOutAcrossBlocks(boolean tokens) {
        try (FramePool pool = pool(tokens)) {
            FrameContents contents = pool.contents();
            PageBuffer in = numbered(tokens, 600);

            contents.copyIn(400, in, 10, 580);
            PageBuffer out = buffer(tokens, 600);
            contents.copyOut(400, out, 3, 580);

            for (int page = 0; page < 580; page++) {
                assertThat(contents.word(400 + page)).isEqualTo(word(in, 10 + page));
                assertThat(word(out, 3 + page)).isEqualTo(word(in, 10 + page));
            }
            assertThat(word(out, 2)).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldCopyBetweenFramesAndZeroThem(boolean tokens) {
        try (FramePool pool = pool(tokens)) {
            FrameContents contents = pool.contents();
            contents.copyIn(100, numbered(tokens, 600), 0, 600);

            contents.copy(100, 1333, 600);
            contents.zero(100, 600);

            for (int page = 0; page < 600; page++) {
                assertThat(contents.word(1333 + page)).isEqualTo(page + 1);
                assertThat(contents.word(100 + page)).isZero();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldAddToTheWordWithoutLosingAnAddition(boolean tokens) throws Exception {
        int additions = 20_000;
        try (FramePool pool = pool(tokens); ExecutorService threads = Executors.newFixedThreadPool(3)) {
            List<Future<?>> adders = new ArrayList<>();
            for (int thread = 0; thread < 3; thread++) {
                adders.add(threads.submit(() -> {
                    for (int i = 0; i < additions; i++) {
                        pool.contents().addToWord(7, 1);
                    }
                }));
            }
            for (Future<?> adder : adders) {
                adder.get();
            }
            assertThat(pool.contents().addToWord(7, 5)).isEqualTo(3L * additions);
            assertThat(pool.contents().word(7)).isEqualTo(3L * additions + 5);
        }
    }

    @Test
    void shouldCompareEverythingButTheFirstWord() {
        try (FramePool pool = pool(false)) {
            FrameContents contents = pool.contents();
            PageBuffer page = numbered(false, 2);
            contents.copyIn(5, page, 1, 1);
            contents.addToWord(5, 100);

            assertThat(contents.sameBeyondWord(5, page, 1)).isTrue();
            page.bytes().set(ValueLayout.JAVA_BYTE, 4096 + 4095, (byte) 1);
            assertThat(contents.sameBeyondWord(5, page, 1)).isFalse();
            page.bytes().set(ValueLayout.JAVA_BYTE, 4096 + 4095, (byte) 0);
            page.bytes().set(ValueLayout.JAVA_BYTE, 4096 + 8, (byte) 1);
            assertThat(contents.sameBeyondWord(5, page, 1)).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldRefuseFramesThatDoNotExistAndBuffersOfTheOtherKind(boolean tokens) {
        try (FramePool pool = pool(tokens)) {
            FrameContents contents = pool.contents();

            assertThat(contents.isTokens()).isEqualTo(tokens);
            assertThatThrownBy(() -> contents.copyIn(FRAMES - 1, buffer(tokens, 2), 0, 2))
                    .isInstanceOf(IndexOutOfBoundsException.class)
                    .hasMessageContaining("of a pool of 2000");
            assertThatThrownBy(() -> contents.zero(-1, 1)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> contents.copyIn(0, buffer(!tokens, 1), 0, 1))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    private static FramePool pool(boolean tokens) {
        return tokens ? FramePool.tokens(FRAMES) : FramePool.bytes(FRAMES);
    }

    private static PageBuffer buffer(boolean tokens, int pages) {
        return tokens ? PageBuffer.tokens(PageSize.SIZE_4K, pages) : PageBuffer.bytes(PageSize.SIZE_4K, pages);
    }

    /** Page i begins with the word i + 1. */
    private static PageBuffer numbered(boolean tokens, int pages) {
        PageBuffer buffer = buffer(tokens, pages);
        for (int page = 0; page < pages; page++) {
            if (tokens) {
                buffer.token(page, page + 1);
            } else {
                buffer.bytes().set(ValueLayout.JAVA_LONG, page * 4096L, page + 1);
            }
        }
        return buffer;
    }

    private static long word(PageBuffer buffer, int page) {
        return buffer.isTokens() ? buffer.token(page) : buffer.bytes().get(ValueLayout.JAVA_LONG, page * 4096L);
    }
}
