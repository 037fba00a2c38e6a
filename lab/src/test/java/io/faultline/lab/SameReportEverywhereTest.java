package io.faultline.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One seed, one report: byte for byte but for wall time, under every schedule, in every JVM, under every collector. */
@Timeout(120)
class SameReportEverywhereTest {
    private static List<String> here = List.of();

    @BeforeAll
    static void runHere() {
        here = PrintReports.reports();
    }

    @Test
    void shouldGiveTheSameBytesAgain() {
        assertThat(PrintReports.reports()).isEqualTo(here);
        assertThat(here).as("schedules differ")
                .doesNotHaveDuplicates()
                .allMatch(report -> report.contains("traceHash"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-XX:+UseSerialGC", "-XX:+UseParallelGC", "-XX:+UseG1GC", "-XX:+UseZGC"})
    void shouldGiveTheSameBytesInAnotherJvmUnderAnotherCollector(String collector) throws Exception {
        assertThat(printedByChild(collector)).contains(String.join("\n", here));
    }

    private static String printedByChild(String collector) throws IOException, InterruptedException {
        Process child = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                collector,
                "-Xmx512m", "-ea", "--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED", "-cp",
                System.getProperty("java.class.path"), PrintReports.class.getName())
                .redirectErrorStream(true)
                .start();
        String printed = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(child.waitFor()).as(printed).isZero();
        return printed;
    }
}
