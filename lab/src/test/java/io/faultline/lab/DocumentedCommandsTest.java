package io.faultline.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every command that a document shows is one the command line takes; those of bench are bench's to test. */
class DocumentedCommandsTest {
    private static final Path TOP = Path.of("").toAbsolutePath().getParent();
    private static final String PROGRAM = "./faultline ";

    @TempDir
    Path folder;

    static List<String> commands() throws IOException {
        List<String> commands = new ArrayList<>();
        try (Stream<Path> top = Files.list(TOP); Stream<Path> docs = Files.walk(TOP.resolve("docs"))) {
            for (Path document : Stream.concat(top, docs).filter(file -> file.toString().endsWith(".md")).toList()) {
                Files.readAllLines(document)
                        .stream()
                        .map(String::strip)
                        .filter(line -> line.startsWith(PROGRAM) && !line.startsWith(PROGRAM + "bench"))
                        .forEach(line -> commands.add(line.substring(PROGRAM.length())
                                .replaceFirst("\\s+#.*", "")
                                .replaceFirst("--json \\S+", "--json -")));
            }
        }
        return commands;
    }

    @ParameterizedTest
    @MethodSource("commands")
    void shouldTakeEveryCommandOfTheDocuments(String command) {
        String[] words = command.split("\\s+");
        for (int word = 0; word < words.length; word++) {
            words[word] = words[word].replace("trace:", "trace:" + TOP + "/");
            if (word > 0 && words[word - 1].equals("--plan")) {
                words[word] = TOP.resolve(words[word]).toString();
            }
            if (word > 0 && List.of("--events", "--csv", "--html").contains(words[word - 1])) {
                words[word] = folder.resolve(words[word]).toString();
            }
        }
        CommandRun run = CommandRun.sampling(Reports.held(), words);

        assertThat(run.exitCode()).as("./faultline %s: %s", command, run.err()).isEqualTo(ExitCode.HELD);
    }
}
