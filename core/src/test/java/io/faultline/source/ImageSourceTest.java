package io.faultline.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;

import io.faultline.memory.PageBuffer;
import io.faultline.memory.PageSize;
import io.faultline.registry.InvalidInputException;
import io.faultline.time.SplitMix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageSourceTest {
    private static final int PAGE = 4096;

    @TempDir
    private Path folder;

    private static byte[] image(int length, long seed) {
        var random = new SplitMix(seed);
        var bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) random.nextLong();
        }
        return bytes;
    }

    private Path file(byte[] image) throws IOException {
        return Files.write(folder.resolve("image.raw"), image);
    }

    /** What the memory must hold, straight from the definition. */
    private static byte[] expected(byte[] image, ImageFill fill, long offset, int length) {
        var bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            long at = offset + i;
            bytes[i] = at < image.length ? image[(int) at]
                    : fill == ImageFill.REPEAT ? image[(int) (at % image.length)]
                    : 0;
        }
        return bytes;
    }

    private static PageBuffer dirtyBuffer(PageSize size, int pages) {
        PageBuffer buffer = PageBuffer.bytes(size, pages);
        buffer.bytes().fill((byte) 0x5A);
        return buffer;
    }

    private static byte[] bytes(PageBuffer buffer) {
        return buffer.bytes().toArray(ValueLayout.JAVA_BYTE);
    }

    @ParameterizedTest
    @CsvSource({"1,REPEAT", "7,REPEAT", "4095,REPEAT", "4096,REPEAT", "4097,REPEAT", "10000,REPEAT", "40960,REPEAT",
        "0,ZERO", "1,ZERO", "4095,ZERO", "4096,ZERO", "4097,ZERO", "10000,ZERO", "32768,ZERO", "32768,ERROR"})
    void shouldReadWhatTheFillSaysWhateverTheImagesLength(int length, ImageFill fill) throws IOException {
        byte[] image = image(length, length);
        var shape = new SourceShape(8 * PAGE, 1);
        for (SourceSpec spec : List.of(PageSources.file(file(image), fill), PageSources.memory(image, fill),
                PageSources.registry().create("memory:" + folder.resolve("image.raw") + ",fill=" + name(fill)))) {
            try (PageSource source = spec.open(shape)) {
                for (int firstPage = 0; firstPage < 8; firstPage++) {
                    for (int pages = 1; firstPage + pages <= 8; pages++) {
                        PageBuffer buffer = dirtyBuffer(PageSize.SIZE_4K, pages);
                        assertThat(source.read(firstPage, buffer)).isEqualTo(ReadResult.ok(pages));
                        assertThat(bytes(buffer)).as("%s, pages %d and %d on", source.name(), firstPage, pages)
                                .isEqualTo(expected(image, fill, (long) firstPage * PAGE, pages * PAGE));
                    }
                }
            }
        }
    }

    private static String name(ImageFill fill) {
        return fill.name().toLowerCase(Locale.ROOT);
    }

    @ParameterizedTest
    @ValueSource(ints = {777, 100_000, 3_000_000})
    void shouldReadLargePagesFromTheSameBytes(int length) throws IOException {
        byte[] image = image(length, length);
        try (PageSource source = PageSources.file(file(image), ImageFill.REPEAT, 8L << 20)) {
            PageBuffer buffer = dirtyBuffer(PageSize.SIZE_2M, 2);
            assertThat(source.read(1, buffer)).isEqualTo(ReadResult.ok(2));
            assertThat(bytes(buffer)).isEqualTo(expected(image, ImageFill.REPEAT, 2 << 20, 4 << 20));
        }
    }

    @Test
    void shouldGiveTokensThatDependOnContentsOnly() throws IOException {
        // Pages 0 and 3 are the same, and 20 pages take more than one round of scratch memory.
        byte[] image = image(20 * PAGE, 5);
        System.arraycopy(image, 0, image, 3 * PAGE, PAGE);
        try (PageSource file = PageSources.file(file(image), ImageFill.ERROR, image.length);
                PageSource memory = PageSources.memory(MemorySegment.ofArray(image), ImageFill.ERROR, image.length)) {
            PageBuffer all = PageBuffer.tokens(PageSize.SIZE_4K, 20);
            assertThat(file.read(0, all)).isEqualTo(ReadResult.ok(20));

            PageBuffer one = PageBuffer.tokens(PageSize.SIZE_4K, 1);
            var tokens = new ArrayList<Long>();
            for (int page = 0; page < 20; page++) {
                assertThat(memory.read(page, one).isOk()).isTrue();
                assertThat(one.token(0)).isEqualTo(all.token(page));
                tokens.add(one.token(0));
            }
            assertThat(tokens.get(3)).isEqualTo(tokens.get(0));
            assertThat(tokens.stream().distinct()).hasSize(19);
        }
    }

    @Test
    void shouldAnswerShortWhenTheFileShrinksUnderIt() throws IOException {
        Path path = file(image(4 * PAGE, 1));
        try (PageSource source = PageSources.file(path, ImageFill.ERROR, 4 * PAGE)) {
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
                channel.truncate(2 * PAGE + 100);
            }
            ReadResult result = source.read(1, PageBuffer.bytes(PageSize.SIZE_4K, 3));
            assertThat(result.status()).isEqualTo(ReadResult.Status.SHORT);
            assertThat(result.pagesRead()).isEqualTo(1);
            assertThat(result.reason()).contains("image.raw", "16384");

            ReadResult tokens = source.read(1, PageBuffer.tokens(PageSize.SIZE_4K, 3));
            assertThat(tokens.status()).isEqualTo(ReadResult.Status.SHORT);
            assertThat(tokens.pagesRead()).isEqualTo(1);
            assertThat(source.read(0, PageBuffer.bytes(PageSize.SIZE_4K, 2)).isOk()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({"ZERO", "REPEAT"})
    void shouldNotTakeAShrunkenFileForAShortImage(ImageFill fill) throws IOException {
        Path path = file(image(2 * PAGE, 1));
        try (PageSource source = PageSources.file(path, fill, 4 * PAGE)) {
            Files.write(path, new byte[100]);
            ReadResult result = source.read(0, PageBuffer.bytes(PageSize.SIZE_4K, 4));
            assertThat(result.status()).isEqualTo(ReadResult.Status.SHORT);
            assertThat(result.pagesRead()).isZero();
        }
    }

    @Test
    void shouldAnswerShortBeyondTheImageWhenItsLengthIsTheMemorys() throws IOException {
        try (PageSource source = PageSources.file(file(image(PAGE, 1)), ImageFill.ERROR, PAGE)) {
            assertThat(source.read(1, PageBuffer.bytes(PageSize.SIZE_4K, 1)).status())
                    .isEqualTo(ReadResult.Status.SHORT);
        }
    }

    @Test
    void shouldAnswerAnErrorWhenTheFileCannotBeReadAnyMore() throws IOException {
        PageSource source = PageSources.file(file(image(PAGE, 1)), ImageFill.ERROR, PAGE);
        source.close();
        ReadResult result = source.read(0, PageBuffer.bytes(PageSize.SIZE_4K, 1));
        assertThat(result.status()).isEqualTo(ReadResult.Status.ERROR);
        assertThat(result.reason()).contains("image.raw", "ClosedChannel");
    }

    @Test
    void shouldAnswerAnErrorWhenTheCallersMemoryIsGone() {
        Arena arena = Arena.ofShared();
        try (PageSource source = PageSources.memory(arena.allocate(PAGE), ImageFill.ERROR, PAGE)) {
            arena.close();
            ReadResult result = source.read(0, PageBuffer.bytes(PageSize.SIZE_4K, 1));
            assertThat(result.status()).isEqualTo(ReadResult.Status.ERROR);
            assertThat(result.reason()).contains("arena is closed");
        }
    }

    @Test
    void shouldRefuseImagesThatCannotServeTheMemory() throws IOException {
        Path path = file(image(PAGE + 1, 1));
        Path empty = Files.createFile(folder.resolve("empty"));

        assertInvalid(() -> PageSources.file(path, ImageFill.ERROR, 2 * PAGE), "image.raw has 4097B", "8KiB");
        assertInvalid(() -> PageSources.file(folder, ImageFill.ZERO, PAGE), "is a directory");
        assertInvalid(() -> PageSources.file(folder.resolve("none"), ImageFill.ZERO, PAGE), "none does not exist");
        assertInvalid(() -> PageSources.file(empty, ImageFill.REPEAT, PAGE), "empty is empty");
        assertInvalid(() -> PageSources.file(Path.of("/dev/null"), ImageFill.ZERO, PAGE), "is no regular file");
        assertInvalid(() -> PageSources.memory(MemorySegment.ofArray(new byte[5]), ImageFill.ERROR, PAGE), "has 5B",
                "4KiB");
        assertInvalid(() -> PageSources.memory(MemorySegment.NULL, ImageFill.REPEAT, PAGE), "is empty");
        assertInvalid(() -> PageSources.registry().create("file"), "path is missing");
        assertInvalid(() -> PageSources.registry().create("file:a,fill=hole"), "error, zero, repeat");
        assertInvalid(() -> PageSources.registry().create("file:\0"), "is no path");
    }

    @Test
    void shouldRefuseAnImageThatMayNotBeRead() throws IOException {
        Path path = file(image(PAGE, 1));
        Files.setPosixFilePermissions(path, Set.of());
        assumeFalse(Files.isReadable(path), "this user may read everything");

        assertInvalid(() -> PageSources.file(path, ImageFill.ERROR, PAGE), "image.raw", "permission denied");
    }

    private static void assertInvalid(Callable<?> action, String... parts) {
        assertThatExceptionOfType(InvalidInputException.class).isThrownBy(action::call)
                .withMessageContainingAll(parts);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldServeManyThreadsAtOnce(long seed) throws Exception {
        byte[] image = image(50_001, seed);
        try (PageSource source = PageSources.file(file(image), ImageFill.REPEAT, 64 * PAGE);
                var threads = Executors.newFixedThreadPool(4)) {
            var tasks = new ArrayList<Callable<Boolean>>();
            for (int thread = 0; thread < 4; thread++) {
                SplitMix random = new SplitMix(seed).split(thread);
                tasks.add(() -> {
                    PageBuffer buffer = PageBuffer.bytes(PageSize.SIZE_4K, 2);
                    PageBuffer tokens = PageBuffer.tokens(PageSize.SIZE_4K, 2);
                    boolean right = true;
                    for (int i = 0; i < 300; i++) {
                        int page = random.nextInt(63);
                        byte[] wanted = expected(image, ImageFill.REPEAT, (long) page * PAGE, 2 * PAGE);
                        right &= source.read(page, buffer).isOk();
                        right &= Arrays.equals(bytes(buffer), wanted);
                        right &= source.read(page, tokens).isOk();
                        right &= tokens.token(1) == PageTokens.of(MemorySegment.ofArray(wanted), PAGE);
                    }
                    return right;
                });
            }
            for (var answer : threads.invokeAll(tasks)) {
                assertThat(answer.get()).as("seed %d", seed).isTrue();
            }
        }
    }
}
