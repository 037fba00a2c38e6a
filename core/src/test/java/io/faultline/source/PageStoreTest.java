package io.faultline.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

import io.faultline.memory.PageBuffer;
import io.faultline.memory.PageSize;
import io.faultline.registry.InvalidInputException;
import io.faultline.time.SplitMix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PageStoreTest {
    private static final long MEMORY_BYTES = 4 * PageSize.SIZE_2M.bytes();
    private static final int BASE_PAGES = (int) (MEMORY_BYTES / PageSize.BASE_BYTES);

    @TempDir
    private Path folder;

    private PageStore open(boolean tokens) {
        return PageStores.temporaryFile(folder).open(new StoreShape(MEMORY_BYTES, tokens));
    }

    private static PageBuffer buffer(boolean tokens, PageSize size, int pages) {
        return tokens ? PageBuffer.tokens(size, pages) : PageBuffer.bytes(size, pages);
    }

    /** Contents that no two base pages and no two versions share. */
    private static void fill(PageBuffer buffer, long firstBasePage, long version) {
        try (PageSource contents = PageSources.synthetic(version)) {
            assertThat(contents.read(firstBasePage, buffer.as(PageSize.SIZE_4K)).isOk()).isTrue();
        }
    }

    private static void assertContents(PageBuffer actual, PageBuffer expected, String description) {
        if (actual.isTokens()) {
            for (int i = 0; i < actual.basePages(); i++) {
                assertThat(actual.token(i)).as("%s, token %d", description, i).isEqualTo(expected.token(i));
            }
        } else {
            assertThat(actual.bytes().mismatch(expected.bytes())).as(description).isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldSayThatAPageNeverSavedIsNotHere(boolean tokens) {
        try (PageStore store = open(tokens)) {
            assertThat(store.holds(5)).isFalse();
            ReadResult result = store.read(5, buffer(tokens, PageSize.SIZE_4K, 1));
            assertThat(result.status()).isEqualTo(ReadResult.Status.ERROR);
            assertThat(result.reason()).contains(store.name(), "base page 5 was never saved");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldReadThePagesBeforeTheFirstThatIsNotHere(boolean tokens) {
        try (PageStore store = open(tokens)) {
            PageBuffer saved = buffer(tokens, PageSize.SIZE_4K, 2);
            fill(saved, 10, 1);
            assertThat(store.write(10, saved)).isEqualTo(ReadResult.ok(2));

            PageBuffer read = buffer(tokens, PageSize.SIZE_4K, 3);
            ReadResult result = store.read(10, read);

            assertThat(result.status()).isEqualTo(ReadResult.Status.ERROR);
            assertThat(result.pagesRead()).isEqualTo(2);
            assertThat(result.reason()).contains("base page 12 was never saved");
            assertContents(read.slice(0, 2), saved, "what was saved");
        }
    }

    @ParameterizedTest
    @CsvSource({"true,1", "true,2", "true,3", "false,1", "false,2", "false,3"})
    void shouldGiveBackWhatWasSavedLastInPagesOfAnySize(boolean tokens, long seed) {
        var random = new SplitMix(seed);
        var versions = new long[BASE_PAGES];
        try (PageStore store = open(tokens)) {
            for (int step = 1; step <= 300; step++) {
                boolean large = random.nextInt(10) == 0;
                PageSize size = large ? PageSize.SIZE_2M : PageSize.SIZE_4K;
                int pages = 1 + random.nextInt(large ? 2 : 20);
                int first = random.nextInt((int) (MEMORY_BYTES >>> size.shift()) - pages + 1);
                int firstBasePage = (int) (first * size.basePages());
                String description = "seed " + seed + ", step " + step + ", " + pages + " of " + size + " at " + first;
                PageBuffer buffer = buffer(tokens, size, pages);
                if (random.nextInt(2) == 0) {
                    fill(buffer, firstBasePage, step);
                    assertThat(store.write(first, buffer)).as(description).isEqualTo(ReadResult.ok(pages));
                    Arrays.fill(versions, firstBasePage, firstBasePage + (int) buffer.basePages(), step);
                } else {
                    checkRead(store, first, firstBasePage, buffer, versions, description);
                }
            }
            for (int page = 0; page < BASE_PAGES; page++) {
                assertThat(store.holds(page)).as("seed %d, page %d", seed, page).isEqualTo(versions[page] != 0);
            }
        }
    }

    private static void checkRead(PageStore store, int first, int firstBasePage, PageBuffer buffer, long[] versions,
            String description) {
        int readable = 0;
        while (readable < buffer.basePages() && versions[firstBasePage + readable] != 0) {
            readable++;
        }
        ReadResult result = store.read(first, buffer);
        assertThat(result.isOk()).as(description).isEqualTo(readable == buffer.basePages());
        int whole = (int) (readable / buffer.pageSize().basePages());
        assertThat(result.pagesRead()).as(description).isEqualTo(whole);
        PageBuffer read = buffer.slice(0, whole).as(PageSize.SIZE_4K);
        PageBuffer expected = buffer(buffer.isTokens(), PageSize.SIZE_4K, 1);
        for (int i = 0; i < read.pages(); i++) {
            fill(expected, firstBasePage + i, versions[firstBasePage + i]);
            assertContents(read.slice(i, 1), expected, description + ", base page " + (firstBasePage + i));
        }
    }

    @ParameterizedTest
    @CsvSource({"true,1", "true,2", "false,1", "false,2"})
    void shouldServeManyThreadsAtOnce(boolean tokens, long seed) throws InterruptedException {
        int threads = 4;
        var failures = new ConcurrentLinkedQueue<Throwable>();
        try (PageStore store = open(tokens)) {
            var workers = new Thread[threads];
            for (int t = 0; t < threads; t++) {
                int worker = t;
                // Neighbouring pages belong to different threads, so that they share words of the books.
                workers[t] = Thread.ofPlatform().start(() -> {
                    try {
                        useOwnPages(store, tokens, new SplitMix(seed).split(worker), threads, worker);
                    } catch (Throwable failure) {
                        failures.add(failure);
                    }
                });
            }
            for (Thread worker : workers) {
                worker.join();
            }
            assertThat(failures).as("seed %d", seed).isEmpty();
        }
    }

    private static void useOwnPages(PageStore store, boolean tokens, SplitMix random, int threads, int worker) {
        var versions = new long[BASE_PAGES];
        PageBuffer buffer = buffer(tokens, PageSize.SIZE_4K, 1);
        PageBuffer expected = buffer(tokens, PageSize.SIZE_4K, 1);
        for (int step = 1; step <= 3_000; step++) {
            int page = random.nextInt(BASE_PAGES / threads) * threads + worker;
            if (random.nextInt(2) == 0) {
                fill(buffer, page, step);
                assertThat(store.write(page, buffer).isOk()).isTrue();
                versions[page] = step;
            }
            assertThat(store.holds(page)).isEqualTo(versions[page] != 0);
            if (versions[page] != 0) {
                assertThat(store.read(page, buffer).isOk()).isTrue();
                fill(expected, page, versions[page]);
                assertContents(buffer, expected, "thread " + worker + ", step " + step + ", page " + page);
            }
        }
    }

    @Test
    void shouldNotGiveOutAPageWhoseLastSaveFailed() {
        var disk = new FullDisk();
        PageBuffer buffer = PageBuffer.tokens(PageSize.SIZE_4K, 2);
        assertThat(disk.write(0, buffer).isOk()).isTrue();

        disk.full = true;
        ReadResult failed = disk.write(1, buffer);
        assertThat(failed.status()).isEqualTo(ReadResult.Status.ERROR);
        assertThat(failed.reason()).contains("disk: page 1 cannot be saved", "no space left");
        assertThat(disk.holds(2)).as("what the source has of page 2 is outdated").isTrue();
        assertThat(disk.read(0, buffer).pagesRead()).as("page 0 is as it was").isEqualTo(1);
        assertThat(disk.read(1, buffer).reason()).contains("base page 1 could not be saved");

        disk.full = false;
        assertThat(disk.write(1, buffer).isOk()).isTrue();
        assertThat(disk.read(1, buffer).isOk()).isTrue();
    }

    /** Keeps nothing, and sometimes has no room even for that. */
    private static final class FullDisk extends TrackingStore {
        private boolean full;

        FullDisk() {
            super("disk", 1 << 20, true);
        }

        @Override
        void save(long firstBasePage, PageBuffer source) throws IOException {
            if (full) {
                throw new IOException("no space left");
            }
        }

        @Override
        void load(long firstBasePage, PageBuffer destination) {}

        @Override
        public boolean blocking() {
            return false;
        }

        @Override
        public void close() {}
    }

    @Test
    void shouldAnswerWithAnErrorWhenTheFileIsClosed() {
        PageStore store = open(false);
        PageBuffer page = PageBuffer.bytes(PageSize.SIZE_4K, 1);
        assertThat(store.write(1, page).isOk()).isTrue();
        store.close();

        assertThat(store.write(2, page).reason()).contains("page 2 cannot be saved", "ClosedChannelException");
        assertThat(store.read(1, page).reason()).contains("page 1 cannot be read", "ClosedChannelException");
    }

    @Test
    void shouldLeaveNothingBehindWhenClosed() throws IOException {
        PageStore store = open(false);
        assertThat(store.write(0, PageBuffer.bytes(PageSize.SIZE_4K, 1)).isOk()).isTrue();
        store.close();

        assertThat(filesInFolder()).isZero();
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void shouldLeaveNothingBehindWhenTheProcessIsKilled() throws IOException {
        try (PageStore store = open(false)) {
            assertThat(store.write(0, PageBuffer.bytes(PageSize.SIZE_4K, 1)).isOk()).isTrue();
            assertThat(filesInFolder()).as("unlinked while open").isZero();
        }
    }

    private long filesInFolder() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.count();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldTakeNoMoreRoomThanWhatIsSaved(boolean tokens) {
        long memoryBytes = 1L << 40;
        try (PageStore store = PageStores.temporaryFile().open(new StoreShape(memoryBytes, tokens))) {
            PageBuffer saved = buffer(tokens, PageSize.SIZE_4K, 1);
            long last = (memoryBytes >>> PageSize.BASE_SHIFT) - 1;
            fill(saved, last, 9);
            assertThat(store.write(last, saved).isOk()).isTrue();
            PageBuffer read = buffer(tokens, PageSize.SIZE_4K, 1);
            assertThat(store.read(last, read).isOk()).isTrue();
            assertContents(read, saved, "the last page");
            assertThat(store.holds(last - 1)).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldRefusePagesOutsideTheMemoryAndContentsOfTheOtherKind(boolean tokens) {
        try (PageStore store = open(tokens)) {
            assertThatExceptionOfType(IndexOutOfBoundsException.class)
                    .isThrownBy(() -> store.write(BASE_PAGES - 1, buffer(tokens, PageSize.SIZE_4K, 2)))
                    .withMessageContaining("room for 2048 base pages");
            assertThatExceptionOfType(IndexOutOfBoundsException.class)
                    .isThrownBy(() -> store.read(-1, buffer(tokens, PageSize.SIZE_4K, 1)));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> store.write(0, buffer(!tokens, PageSize.SIZE_4K, 1)))
                    .withMessageContaining(tokens ? "keeps tokens, not bytes" : "keeps bytes, not tokens");
        }
        assertThatIllegalArgumentException().isThrownBy(() -> new StoreShape(0, tokens));
    }

    @Test
    void shouldMarkAPageUnreadableWhenTheCallersMemoryIsGone() {
        try (PageStore store = open(false)) {
            Arena arena = Arena.ofShared();
            MemorySegment memory = arena.allocate(PageSize.BASE_BYTES);
            PageBuffer gone = PageBuffer.of(memory, PageSize.SIZE_4K);
            arena.close();

            assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> store.write(3, gone));

            assertThat(store.read(3, PageBuffer.bytes(PageSize.SIZE_4K, 1)).reason()).contains("could not be saved");
        }
    }

    @Test
    void shouldSayWhereAFileCannotBeMade() {
        Path absent = folder.resolve("absent");
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> PageStores.temporaryFile(absent).open(new StoreShape(4096, false)))
                .withMessageContaining("cannot be made in " + absent);
    }
}
