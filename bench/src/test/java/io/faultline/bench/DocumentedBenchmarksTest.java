package io.faultline.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import io.faultline.lab.Main;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every benchmark that a document shows is one the command line takes, with every option. */
class DocumentedBenchmarksTest {
    private static final Path DOCUMENTS = Path.of("").toAbsolutePath().getParent().resolve("docs");
    private static final String PROGRAM = "./faultline ";

    static List<String> commands() throws IOException {
        try (Stream<Path> files = Files.list(DOCUMENTS)) {
            return files.filter(file -> file.toString().endsWith(".md"))
                    .flatMap(DocumentedBenchmarksTest::lines)
                    .map(String::strip)
                    .filter(line -> line.startsWith(PROGRAM + "bench"))
                    .map(line -> line.substring(PROGRAM.length()).replaceFirst("\\s+#.*", ""))
                    .toList();
        }
    }

    private static Stream<String> lines(Path document) {
        try {
            return Files.readAllLines(document).stream();
        } catch (IOException failure) {
            throw new AssertionError("cannot read " + document, failure);
        }
    }

    /** No round is asked for, which is only found out when all the rest has been understood. */
    @ParameterizedTest
    @MethodSource("commands")
    void shouldTakeEveryOptionOfTheDocuments(String command) {
        String unrun = command.replaceFirst("--rounds \\S+", "") + " --rounds 0";
        ByteArrayOutputStream err = new ByteArrayOutputStream();

        int exitCode = Main.run(unrun.split("\\s+"), new PrintStream(new ByteArrayOutputStream(), true,
                StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8));

        assertThat(exitCode).as(unrun).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).as(unrun).contains("--rounds must be at least 1, not 0");
    }
}
