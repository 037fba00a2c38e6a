package io.faultline.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MeasurementTest {
    private static final Measurement MEASUREMENT = new Measurement(new Work(4_000, 1_000, 6_000, 2_000), 500, 3, 17);

    @Test
    void shouldReadWhatItWrote() {
        assertThat(Measurement.parse(MEASUREMENT.line())).isEqualTo(MEASUREMENT);
    }

    @Test
    void shouldGiveRatesOfFaults() {
        assertThat(MEASUREMENT.perSecond()).isEqualTo(5e8);
        assertThat(MEASUREMENT.accessesPerSecond()).isEqualTo(2e9);
        assertThat(MEASUREMENT.faultedShare()).isEqualTo(0.25);
        assertThat(MEASUREMENT.haltedMean()).isEqualTo(3);
        assertThat(MEASUREMENT.cpuNanosPerFault()).isEqualTo(0.5);
    }

    @Test
    void shouldHaveNoRateInNoTime() {
        Measurement none = new Measurement(Work.NONE, 0, 0, 0);
        assertThat(none.perSecond()).isZero();
        assertThat(none.accessesPerSecond()).isZero();
        assertThat(none.faultedShare()).isZero();
        assertThat(none.haltedMean()).isZero();
        assertThat(none.cpuNanosPerFault()).isZero();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            warming up                                                   | no measurement
            faultline-measurement accesses=1 faults=1 nanos=1 runs=1 warmUpNanos=0 | no haltedNanos
            faultline-measurement accesses=x                             | "x" is no number
            faultline-measurement accesses                               | "accesses" has no value
            """)
    void shouldNameWhatIsWrongWithALine(String line, String complaint) {
        assertThatIllegalArgumentException().isThrownBy(() -> Measurement.parse(line)).withMessageContaining(complaint);
    }
}
