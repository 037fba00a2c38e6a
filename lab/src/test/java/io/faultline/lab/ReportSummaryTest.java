package io.faultline.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import io.faultline.machine.Report;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ReportSummaryTest {
    private static final List<String> HEADLINE = List.of("Faultline stress", "4,096 vCPUs");

    static Stream<Arguments> reports() {
        return Stream.of(Arguments.of("summary-held.txt", Reports.held()),
                Arguments.of("summary-virtual.txt", Reports.virtual(2_310_000_000L)),
                Arguments.of("summary-timeless.txt", Reports.timeless()),
                Arguments.of("summary-broken.txt", Reports.broken(3)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("reports")
    void shouldReadAsItAlwaysDid(String golden, Report report) throws IOException {
        assertThat(ReportSummary.of(report, HEADLINE)).isEqualTo(resource(golden));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("reports")
    void shouldFitATerminalOfEightyColumns(String golden, Report report) {
        assertThat(ReportSummary.of(report, HEADLINE).lines()).as(golden)
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    }

    private static String resource(String name) throws IOException {
        try (InputStream golden = ReportSummaryTest.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(golden, name).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
