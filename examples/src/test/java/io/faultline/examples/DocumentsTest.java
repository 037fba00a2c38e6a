package io.faultline.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Holds the documents to the code: every block of Java in them is a region of a source file that is compiled and run.
 */
class DocumentsTest {
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]+)(?:#[^)]*)?\\)");

    static Stream<Path> documents() {
        return Markdown.documents().stream();
    }

    static Stream<Markdown.Block> javaBlocks() {
        return documents().map(Markdown::blocks).flatMap(List::stream).filter(block -> block.language().equals("java"));
    }

    @ParameterizedTest
    @MethodSource("javaBlocks")
    void shouldShowOnlyJavaThatIsCompiledAndRun(Markdown.Block block) {
        Map<String, String> regions = Markdown.regions();

        assertThat(block.snippet()).as("%s: a comment such as <!-- snippet: File.java#name --> names the source", block)
                .isNotEmpty();
        assertThat(regions).as("%s: regions of the examples", block).containsKey(block.snippet());
        assertThat(block.text()).as("%s", block).isEqualTo(regions.get(block.snippet()));
    }

    @Test
    void shouldMarkNoRegionThatNoDocumentShows() {
        assertThat(Markdown.regions().keySet())
                .isSubsetOf(javaBlocks().map(Markdown.Block::snippet).toList());
    }

    @ParameterizedTest
    @MethodSource("documents")
    void shouldLinkOnlyToFilesThatExist(Path document) {
        List<String> links = LINK.matcher(String.join("\n", Markdown.lines(document)))
                .results()
                .map((MatchResult result) -> result.group(1))
                .filter(target -> !target.contains("://"))
                .toList();

        assertThat(links).as("links of %s", document.getFileName())
                .allMatch(target -> Files.exists(document.resolveSibling(target)));
    }
}
