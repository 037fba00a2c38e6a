package io.faultline.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;

import io.faultline.memory.PageSize;
import io.faultline.registry.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceReaderTest {
    @TempDir
    private Path folder;

    private Path file(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("trace"), bytes);
    }

    private Trace read(String text) throws IOException {
        return TraceReader.read(file(text.getBytes(StandardCharsets.ISO_8859_1)), PageSize.SIZE_4K);
    }

    private static byte[] gzip(String text) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text.getBytes(StandardCharsets.ISO_8859_1));
        }
        return bytes.toByteArray();
    }

    /** The page and r or w, per access. */
    private static List<String> accesses(Trace trace) {
        return IntStream.range(0, trace.length())
                .mapToObj(i -> trace.page(i) + (trace.isWrite(i) ? "w" : "r"))
                .toList();
    }

    private void assertRefused(String text, String... fragments) {
        assertThatExceptionOfType(InvalidInputException.class).isThrownBy(() -> read(text))
                .withMessageContainingAll(fragments);
    }

    @Test
    void shouldReadFetchesAndLoadsAsReadsAndStoresAndModificationsAsOneWriteEach() throws IOException {
        assertThat(accesses(read("I  0401ab70,3\n L 1ffeffe7e0,8\n S 04222000,1\n M 04222fff,1\n")))
                .containsExactly("0r", "1r", "2w", "2w");
    }

    @Test
    void shouldNumberPagesByFirstTouch() throws IOException {
        Trace trace = read(" L ffffffffffffffff,1\n L 0,1\n L 5000,1\n S 10,1\n L fffffffffffff000,4\n L 5fff,1\n");

        assertThat(accesses(trace)).containsExactly("0r", "1r", "2r", "1w", "0r", "2r");
        assertThat(trace.pages()).isEqualTo(3);
        assertThat(trace.writes()).isEqualTo(1);
    }

    @Test
    void shouldTouchEveryPageThatAnAccessReaches() throws IOException {
        assertThat(accesses(read(" S 1ffe,2\n S 1ffe,3\n L 1fff,4096\n L 2fff,1\n")))
                .containsExactly("0w", "0w", "1w", "0r", "1r", "1r");
    }

    @Test
    void shouldMergeNothing() throws IOException {
        assertThat(read(" L 1000,4\n".repeat(10_000)).length()).isEqualTo(10_000);
    }

    @Test
    void shouldSkipValgrindsOwnLinesAndBlankOnes() throws IOException {
        String text = "==42== Lackey, an example Valgrind tool\n==42== \n\n  \t\n--42-- verbose\n L 1000,4\n==42==\n";

        assertThat(accesses(read(text))).containsExactly("0r");
    }

    @Test
    void shouldAcceptLinesOfWindowsAndALastLineWithoutAnEnd() throws IOException {
        assertThat(accesses(read(" L 1000,4\r\n\r\n S 2000,4"))).containsExactly("0r", "1w");
    }

    @Test
    void shouldTellGzipByContentAndNotByName() throws IOException {
        assertThat(accesses(TraceReader.read(file(gzip(" L 1000,4\n S 2000,4\n")), PageSize.SIZE_4K)))
                .containsExactly("0r", "1w");
        Path misnamed = Files.writeString(folder.resolve("plain.gz"), " L 1000,4\n");
        assertThat(accesses(TraceReader.read(misnamed, PageSize.SIZE_4K))).containsExactly("0r");
    }

    @Test
    void shouldReadALongTraceAcrossItsBuffers() throws IOException {
        var text = new StringBuilder();
        var expected = new String[100_000];
        for (int i = 0; i < expected.length; i++) {
            text.append(i % 3 == 0 ? " S " : " L ").append(Integer.toHexString(i << 10)).append(",4\n");
            expected[i] = i / 4 + (i % 3 == 0 ? "w" : "r");
        }
        assertThat(accesses(read(text.toString()))).isEqualTo(Arrays.asList(expected));
    }

    @Test
    void shouldCutTheProgramsMemoryIntoPagesOfTheSizeToldTo() throws IOException {
        Path trace = file(" L 1000,4\n L 2000,4\n L 1ffffe,4\n".getBytes(StandardCharsets.ISO_8859_1));

        assertThat(accesses(TraceReader.read(trace, PageSize.SIZE_2M))).containsExactly("0r", "0r", "0r", "1r");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"L 1000,4", "  L 1000,4", " L  1000,4", " X 1000,4", " I 1000,4", "I 1000,4", "L  1000,4",
                " L 1000", " L ,4", " L 1000,", " L 1000,0", " L 1000,4097", " L 1000,-1", " L 1000,99999999999",
                " L 0x1000,4", " L 1000,4 ", " L 1000,4,4", " L 1g00,4", " L 10000000000000000,4",
                " L ffffffffffffffff,2", " L", "I", "=42= text", "==x== text", "==42 text", "nonsense"})
    void shouldNameTheNumberAndTheTextOfALineThatDoesNotParse(String line) {
        assertRefused("==42== Lackey\n L 1000,4\n" + line + "\n L 1000,4\n", folder.resolve("trace") + ", line 3: \""
                + line + "\" is no access", "L 1ffeffe7e0,8");
    }

    @Test
    void shouldQuoteOnlyWhatCanBePrinted() {
        assertRefused("\u0000\u001b[2J\u00ff" + "z".repeat(100_000), "line 1: \"??[2J?zzz", "zzz...\" is no access");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "==42== Lackey\n==42== Exit code: 0\n"})
    void shouldRefuseATraceWithoutAccesses(String text) {
        assertRefused(text, "trace " + folder.resolve("trace") + " is empty", "no access");
    }

    @Test
    void shouldRefuseMoreAccessesThanFit() throws IOException {
        Path trace = file(" L 1000,4\n L 1ffe,4\n".getBytes(StandardCharsets.ISO_8859_1));

        assertThat(TraceReader.read(trace, PageSize.SIZE_4K, 3).length()).isEqualTo(3);
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> TraceReader.read(trace, PageSize.SIZE_4K, 2))
                .withMessageContainingAll("line 2: more accesses than the 2 that can be held");
    }

    @Test
    void shouldRefuseWhatIsNotThere() {
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> TraceReader.read(folder.resolve("none"), PageSize.SIZE_4K))
                .withMessage("trace " + folder.resolve("none") + " does not exist");
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> TraceReader.read(folder, PageSize.SIZE_4K))
                .withMessage("trace " + folder + " is a directory");
    }

    @Test
    void shouldSayThatCompressedDataBreakOff() throws IOException {
        byte[] whole = gzip(" L 1000,4\n".repeat(100));
        for (int bytes : new int[]{2, 9, 15, whole.length - 9, whole.length - 1}) {
            Path cut = file(Arrays.copyOf(whole, bytes));
            assertThatExceptionOfType(InvalidInputException.class).as("%d of %d bytes", bytes, whole.length)
                    .isThrownBy(() -> TraceReader.read(cut, PageSize.SIZE_4K))
                    .withMessageContaining("breaks off within its compressed data");
        }
    }

    @Test
    void shouldSayThatCompressedDataAreDamaged() throws IOException {
        byte[] damaged = gzip(" L 1000,4\n".repeat(100));
        damaged[damaged.length - 6] ^= 1;

        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> TraceReader.read(file(damaged), PageSize.SIZE_4K))
                .withMessageContaining("cannot be read: ");
    }
}
