package io.faultline.examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The project's documents and what their tests look for in them. */
final class Markdown {
    /** A fenced block: where it begins, its language, the snippet the comment before it names (or ""), its text. */
    record Block(Path file, int line, String language, String snippet, String text) {
        @Override
        public String toString() {
            return file.getFileName() + ":" + line + " " + snippet;
        }
    }

    private static final Pattern COMMENT = Pattern.compile("<!-- snippet: (\\S+#\\S+) -->");
    private static final Pattern BEGIN = Pattern.compile("\\s*// snippet: (\\S+)");
    private static final Pattern END = Pattern.compile("\\s*// end snippet");
    private static final String FENCE = "```";

    private Markdown() {}

    /** The folder that holds the README, here or above. */
    static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("README.md"))) {
            folder = folder.getParent();
            if (folder == null) {
                throw new IllegalStateException("no README.md in or above " + Path.of("").toAbsolutePath());
            }
        }
        return folder;
    }

    /** Every document: at the top, and under docs. */
    static List<Path> documents() {
        return Stream.concat(files(root(), 1, ".md"), files(root().resolve("docs"), Integer.MAX_VALUE, ".md")).toList();
    }

    private static Stream<Path> files(Path folder, int depth, String ending) {
        try (Stream<Path> found = Files.walk(folder, depth)) {
            return found.filter(file -> file.toString().endsWith(ending)).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The fenced blocks of a document, in order. */
    static List<Block> blocks(Path file) {
        List<Block> blocks = new ArrayList<>();
        List<String> lines = lines(file);
        String snippet = "";
        for (int index = 0; index < lines.size(); index++) {
            String line = lines.get(index);
            if (line.startsWith(FENCE)) {
                int end = index + 1;
                while (!lines.get(end).startsWith(FENCE)) {
                    end++;
                }
                blocks.add(new Block(file, index + 1, line.substring(FENCE.length()), snippet,
                        unindented(lines.subList(index + 1, end))));
                index = end;
                snippet = "";
            } else if (!line.isBlank()) {
                Matcher comment = COMMENT.matcher(line);
                snippet = comment.matches() ? comment.group(1) : "";
            }
        }
        return blocks;
    }

    /** Every marked region of the examples' sources, main and test, as {@code File.java#name}. */
    static Map<String, String> regions() {
        Map<String, String> regions = new TreeMap<>();
        files(root().resolve("examples/src"), Integer.MAX_VALUE, ".java").forEach(file -> addRegions(file, regions));
        return regions;
    }

    private static void addRegions(Path file, Map<String, String> regions) {
        List<String> lines = lines(file);
        for (int index = 0; index < lines.size(); index++) {
            Matcher begin = BEGIN.matcher(lines.get(index));
            if (begin.matches()) {
                int end = index + 1;
                while (!END.matcher(lines.get(end)).matches()) {
                    end++;
                }
                String name = file.getFileName() + "#" + begin.group(1);
                if (regions.put(name, unindented(lines.subList(index + 1, end))) != null) {
                    throw new IllegalStateException("two snippets " + name);
                }
                index = end;
            }
        }
    }

    private static String unindented(List<String> lines) {
        return String.join("\n", lines).stripIndent().strip();
    }
}
