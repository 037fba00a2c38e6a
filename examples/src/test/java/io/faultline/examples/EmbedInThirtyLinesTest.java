package io.faultline.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

import io.faultline.machine.Report;
import org.junit.jupiter.api.Test;

class EmbedInThirtyLinesTest {
    private static List<Report> quietly() {
        return EmbedInThirtyLines.run(new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8));
    }

    @Test
    void shouldServeTheSamePagesInBothWorlds() {
        List<Report> reports = quietly();

        assertThat(reports).extracting(Report::world).containsExactly("threads", "virtual");
        assertThat(reports).allSatisfy(report -> {
            assertThat(report.brokenInvariants()).isEmpty();
            assertThat(report.accesses().done()).isEqualTo(100_000);
            assertThat(report.pages().verified()).isPositive();
        });
        assertThat(reports.getFirst().pages().installed()).isEqualTo(reports.getLast().pages().installed());
    }

    @Test
    void shouldGiveTheSameTraceForTheSameSeed() {
        assertThat(quietly().getLast().traceHash()).isEqualTo(quietly().getLast().traceHash()).hasSize(16);
    }

    @Test
    void shouldPrintALineForEachWorld() {
        assertThat(Printed.linesOf(EmbedInThirtyLines::run)).hasSize(3)
                .first()
                .asString()
                .startsWith("threads  ")
                .contains(" 0 lost, 0 pages corrupt");
    }
}
