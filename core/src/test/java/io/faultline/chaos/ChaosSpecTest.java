package io.faultline.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Arrays;
import java.util.Map;

import io.faultline.registry.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChaosSpecTest {
    private static final long TIMEOUT_NANOS = 1_000_000_000;

    @Test
    void shouldReadKindsWithTheirRates() {
        ChaosSpec spec = ChaosSpec.parse("fetch-error:0.01,handler-crash:1e-4,memslot-crash:1");

        assertThat(spec.rate(ChaosKind.FETCH_ERROR)).isEqualTo(0.01);
        assertThat(spec.rate(ChaosKind.HANDLER_CRASH)).isEqualTo(0.0001);
        assertThat(spec.rate(ChaosKind.MEMSLOT_CRASH)).isEqualTo(1);
        assertThat(spec.rate(ChaosKind.FETCH_DEAD)).isZero();
        assertThat(spec.isNone()).isFalse();
    }

    @Test
    void shouldKnowExactlyTheKindsOfTheDesign() {
        assertThat(Arrays.stream(ChaosKind.values()).map(ChaosKind::text))
                .containsExactly("fetch-error", "fetch-delay", "fetch-stall", "fetch-dead", "short-read", "store-error",
                        "handler-crash", "fetcher-crash", "memslot-crash");
    }

    @ParameterizedTest
    @EnumSource(ChaosKind.class)
    void shouldDescribeEachKindInOneLine(ChaosKind kind) {
        assertThat(kind.describe()).isNotBlank().doesNotContain("\n").hasSizeLessThan(100);
        assertThat(ChaosSpec.parse(kind.text() + ":0.5").rate(kind)).isEqualTo(0.5);
        assertThat(kind.isOfPages()).isNotEqualTo(kind.text().endsWith("-crash"));
    }

    @Test
    void shouldTakeDurationsWhereTimeIsTaken() {
        ChaosSpec spec = ChaosSpec.parse("fetch-delay:0.01@2ms,fetch-stall:0.02@30s");

        assertThat(spec.nanos(ChaosKind.FETCH_DELAY, TIMEOUT_NANOS)).isEqualTo(2_000_000);
        assertThat(spec.nanos(ChaosKind.FETCH_STALL, TIMEOUT_NANOS)).isEqualTo(30 * TIMEOUT_NANOS);
    }

    @Test
    void shouldDelayByAMillisecondAndStallForTwoTimeoutsUnlessTold() {
        ChaosSpec spec = ChaosSpec.parse("fetch-delay:0.01,fetch-stall:0.02");

        assertThat(spec.nanos(ChaosKind.FETCH_DELAY, TIMEOUT_NANOS)).isEqualTo(1_000_000);
        assertThat(spec.nanos(ChaosKind.FETCH_STALL, TIMEOUT_NANOS)).isEqualTo(2 * TIMEOUT_NANOS);
        assertThat(spec.nanos(ChaosKind.FETCH_STALL, Long.MAX_VALUE)).isPositive();
        assertThat(spec.nanos(ChaosKind.FETCH_ERROR, TIMEOUT_NANOS)).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"fetch-error:0.0", "fetch-dead:0.0,short-read:0"})
    void shouldBeNoneWhenEveryRateIsZero(String text) {
        assertThat(ChaosSpec.parse(text).isNone()).isTrue();
        assertThat(ChaosSpec.NONE.isNone()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"fetch-error:0.01|fetch-error:0.01",
                "handler-crash:0.5,fetch-delay:0.25@2ms|fetch-delay:0.25@2000000ns,handler-crash:0.5",
                "store-error:0.0001|store-error:1.0E-4"})
    void shouldPrintWhatItReads(String text, String printed) {
        ChaosSpec spec = ChaosSpec.parse(text);

        assertThat(spec).hasToString(printed);
        assertThat(ChaosSpec.parse(printed)).isEqualTo(spec);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"fetch-eror:0.1|unknown kind of chaos \"fetch-eror\"|fetch-error, fetch-delay",
                "''|unknown kind of chaos \"\"|memslot-crash",
                "fetch-error:0.1,|unknown kind of chaos \"\" in \"fetch-error:0.1,\"|known are",
                "fetch-error:0.1, fetch-dead:0.1|unknown kind of chaos \" fetch-dead\"|known are",
                "fetch-error|fetch-error has no rate|write fetch-error:0.01",
                "fetch-error:|the rate of fetch-error must be a number from 0 to 1|not \"\"",
                "fetch-error:1.01|the rate of fetch-error must be a number from 0 to 1|not \"1.01\"",
                "fetch-error:-0.1|the rate of fetch-error must be a number from 0 to 1|not \"-0.1\"",
                "fetch-error:NaN|the rate of fetch-error must be a number from 0 to 1|not \"NaN\"",
                "fetch-error:1%|the rate of fetch-error must be a number from 0 to 1|not \"1%\"",
                "fetch-error:0.1,fetch-error:0.2|fetch-error is given twice|fetch-error:0.1,fetch-error:0.2",
                "fetch-error:0.1@2ms|fetch-error:0.1@2ms|only fetch-delay and fetch-stall take a duration",
                "fetch-delay:0.1@2|fetch-delay: |no unit", "fetch-delay:0.1@0ms|fetch-delay: |0ms",
                "fetch-delay:@2ms|the rate of fetch-delay must be a number|not \"\""})
    void shouldSayWhatCannotBeRead(String text, String problem, String remedy) {
        assertThatExceptionOfType(InvalidInputException.class).isThrownBy(() -> ChaosSpec.parse(text))
                .withMessageContaining(problem)
                .withMessageContaining(remedy);
    }

    @Test
    void shouldRefuseTheSameWhenMadeFromValues() {
        assertThatExceptionOfType(InvalidInputException.class).isThrownBy(() -> new ChaosSpec.Fault(1.5, 0));
        assertThatExceptionOfType(InvalidInputException.class).isThrownBy(() -> new ChaosSpec.Fault(0.5, -1));
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> new ChaosSpec(Map.of(ChaosKind.SHORT_READ, new ChaosSpec.Fault(0.5, 1))))
                .withMessageContaining("short-read takes no time");
    }
}
