package io.faultline.explore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import org.junit.jupiter.api.Test;

class SwimLanesTest {
    private static final Breach BREACH = new Breach("all is well", "it is not");

    private static Performance run(List<String> columns, boolean ended, List<Happening> left, Happening... steps) {
        return new Performance(columns, columns, List.of(), List.of(steps), left, BREACH, ended);
    }

    @Test
    void shouldDrawAColumnForEachScriptAndMarkTheStepThatBreaks() {
        List<String> lines = SwimLanes.of(run(List.of("vcpu", "handler"), false, List.of(),
                new Happening(0, 0, "read page 0", "halts"), new Happening(1, 1, "close", "")));

        assertThat(lines).containsExactly(
                "     vcpu                                 handler",
                "   1 read page 0: halts                   \u2502",
                "\u2717  2 \u2502                                    close",
                "\u2717 all is well: it is not");
    }

    @Test
    void shouldMarkWhatWaitsForEverAndNotTheLastStep() {
        List<String> lines = SwimLanes.of(run(List.of("a", "b"), true,
                List.of(new Happening(1, 1, "for ever", "be woken")), new Happening(0, 0, "leave", "")));

        assertThat(lines.get(1)).startsWith("   1 leave");
        assertThat(lines.get(2)).startsWith("\u2717    \u2502").endsWith("for ever: be woken");
    }

    @Test
    void shouldShowHowThingsStoodBeforeTheFirstStep() {
        Happening cached = new Happening(1, 1, "page 0 cached", "");
        Performance run = new Performance(List.of("a", "b"), List.of("a", "b"), List.of(cached),
                List.of(new Happening(0, 0, "leave", "")), List.of(), null, true);

        List<String> lines = SwimLanes.of(run);

        assertThat(lines.get(1)).startsWith("     \u2502").endsWith(" [page 0 cached]");
        assertThat(lines.get(2)).startsWith("   1 leave");
    }

    @Test
    void shouldWrapLongTextsAndStayWithinTheScreen() {
        String text = "a step whose words do not fit into the column that it stands in";
        for (int count = 1; count <= 8; count++) {
            List<String> columns = List.of("a", "b", "c", "d", "e", "f", "g", "h").subList(0, count);
            List<String> lines = SwimLanes.of(run(columns, false, List.of(), new Happening(0, count - 1, text, "")));

            assertThat(lines.subList(0, lines.size() - 1)).as("%d columns", count)
                    .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(120));
            String words = String.join(" ", lines.subList(1, lines.size() - 1)).replaceAll("[\u2717\u2502 0-9]+", " ");
            assertThat(words.strip()).as("%d columns", count).isEqualTo(text);
        }
    }

    @Test
    void shouldCutAWordThatIsLongerThanItsColumn() {
        String word = "x".repeat(300);

        List<String> lines = SwimLanes.of(run(List.of("a", "b"), false, List.of(), new Happening(0, 0, word, "")));

        assertThat(lines).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(120));
        assertThat(String.join("", lines).chars().filter(letter -> letter == 'x').count()).isEqualTo(300);
    }

    @Test
    void shouldDrawARunWithoutBreach() {
        Performance run = new Performance(List.of("a"), List.of("a"), List.of(), List.of(), List.of(), null, true);

        assertThat(SwimLanes.of(run)).containsExactly("     a");
    }
}
