package io.faultline.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;

import io.faultline.memory.PageBuffer;
import io.faultline.memory.PageSize;
import io.faultline.time.SplitMix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoreOverSourceTest {
    private static final long MEMORY_BYTES = 2 * PageSize.SIZE_2M.bytes();
    private static final int BASE_PAGES = (int) (MEMORY_BYTES / PageSize.BASE_BYTES);
    private static final long SAVED = 1_000_000;

    @TempDir
    private Path folder;

    private static void save(PageStore store, int page) {
        PageBuffer buffer = PageBuffer.tokens(PageSize.SIZE_4K, 1);
        buffer.token(0, SAVED + page);
        assertThat(store.write(page, buffer).isOk()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldReadEachPageWhereItsLatestContentsAre(long seed) {
        var random = new SplitMix(seed);
        PageStore store = PageStores.tokens(MEMORY_BYTES);
        try (PageSource both = PageStores.over(store, PageSources.zero())) {
            for (int step = 0; step < 2_000; step++) {
                save(store, random.nextInt(BASE_PAGES));
                PageSize size = random.nextInt(20) == 0 ? PageSize.SIZE_2M : PageSize.SIZE_4K;
                int pages = size == PageSize.SIZE_2M ? 1 : 1 + random.nextInt(8);
                int first = random.nextInt((int) (MEMORY_BYTES >>> size.shift()) - pages + 1);
                PageBuffer buffer = PageBuffer.tokens(size, pages);

                assertThat(both.read(first, buffer)).isEqualTo(ReadResult.ok(pages));

                for (int i = 0; i < buffer.basePages(); i++) {
                    long page = first * size.basePages() + i;
                    assertThat(buffer.token(i)).as("seed %d, step %d, page %d", seed, step, page)
                            .isEqualTo(store.holds(page) ? SAVED + page : 0);
                }
            }
        }
    }

    @Test
    void shouldCountThePagesReadBeforeALayerFailed() {
        PageStore store = PageStores.tokens(MEMORY_BYTES);
        PageSource failing = new FaultySource(PageSources.zero(), 1, 0, 1);
        try (PageSource both = PageStores.over(store, failing)) {
            save(store, 0);
            save(store, 1);
            ReadResult result = both.read(0, PageBuffer.tokens(PageSize.SIZE_4K, 4));

            assertThat(result.status()).isEqualTo(ReadResult.Status.ERROR);
            assertThat(result.pagesRead()).isEqualTo(2);
            assertThat(both.read(0, PageBuffer.tokens(PageSize.SIZE_2M, 1)).pagesRead()).isZero();
        }
    }

    @Test
    void shouldAnswerForBoth() {
        PageStore file = PageStores.temporaryFile(folder).open(new StoreShape(MEMORY_BYTES, false));
        PageSource both = PageStores.over(file, PageSources.zero());

        assertThat(both.blocking()).isTrue();
        assertThat(PageStores.over(PageStores.tokens(1), PageSources.zero()).blocking()).isFalse();
        assertThat(both.name()).isEqualTo("zero, saved pages in " + file.name());
        assertThat(both.isLatest(1)).isTrue();
        both.close();
        assertThat(file.write(0, PageBuffer.bytes(PageSize.SIZE_4K, 1)).isOk()).as("it was closed with it").isFalse();
    }
}
