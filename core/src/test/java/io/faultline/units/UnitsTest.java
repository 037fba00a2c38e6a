package io.faultline.units;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.faultline.registry.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnitsTest {
    @ParameterizedTest
    @CsvSource({"0B,0", "1B,1", "4KiB,4096", "2MiB,2097152", "1GiB,1073741824", "1.5GiB,1610612736",
        "8TiB,8796093022208", "1KB,1000", "3MB,3000000", "1GB,1000000000", "1TB,1000000000000", "64 KiB,65536",
        "1_024B,1024", "+2B,2", "0.5KiB,512", "9223372036854775807B,9223372036854775807"})
    void shouldReadSizesExactly(String text, long bytes) {
        assertThat(MemorySize.parse(text).bytes()).isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource({"0ns,0", "50us,50000", "50\u00b5s,50000", "50\u03bcs,50000", "1.5ms,1500000", "10s,10000000000",
        "2min,120000000000", "0.5us,500"})
    void shouldReadDurationsExactly(String text, long nanos) {
        assertThat(Durations.parseNanos(text)).isEqualTo(nanos);
    }

    @ParameterizedTest
    @CsvSource({"2GiB/s,2147483648", "100MB/s,100000000", "1B/s,1"})
    void shouldReadByteRates(String text, long bytesPerSecond) {
        assertThat(Rates.parseBytesPerSecond(text)).isEqualTo(bytesPerSecond);
    }

    @ParameterizedTest
    @CsvSource({"500/s,500", "20k/s,20000", "1.5M/s,1500000"})
    void shouldReadEventRates(String text, long perSecond) {
        assertThat(Rates.parseEventsPerSecond(text)).isEqualTo(perSecond);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "1024                 | \"1024\" has no unit",
        "-1GiB                | \"-1GiB\" is negative",
        "1gib                 | \"1gib\" has the unknown unit \"gib\"",
        "1GiB/s               | \"1GiB/s\" has the unknown unit \"GiB/s\"",
        "9999999TiB           | \"9999999TiB\" is too large, the most is 9223372036854775807B",
        "9223372036854775808B | \"9223372036854775808B\" is too large",
        "0.3B                 | \"0.3B\" is no whole number of B",
        "GiB                  | \"GiB\" is not a memory size",
        "''                   | \"\" is not a memory size",
        "1e3B                 | \"1e3B\" has the unknown unit \"e3B\"",
        "1 2GiB               | \"1 2GiB\" is not a memory size",
        "0x10B                | \"0x10B\" has the unknown unit \"x10B\""})
    void shouldSayWhatIsWrongWithASize(String text, String beginning) {
        assertThatExceptionOfType(InvalidInputException.class).isThrownBy(() -> MemorySize.parse(text))
                .withMessageStartingWith(beginning)
                .withMessageEndingWith(
                        ": write for example 1GiB (units: B, KiB, MiB, GiB, TiB, KB, MB, GB, TB)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0GiB/s", "2GiB", "-1B/s", "fast"})
    void shouldRefuseRatesThatAreZeroOrHaveNoUnit(String text) {
        assertThatExceptionOfType(InvalidInputException.class).isThrownBy(() -> Rates.parseBytesPerSecond(text))
                .withMessageContaining("\"" + text + "\"")
                .withMessageContaining("2GiB/s");
    }

    @Test
    void shouldRefuseZeroOnlyWhereItIsNotAllowed() {
        assertThat(MemorySize.parse("0KiB")).isEqualTo(new MemorySize(0));
        assertThatExceptionOfType(InvalidInputException.class).isThrownBy(() -> MemorySize.parsePositive("0KiB"))
                .withMessageContaining("\"0KiB\" is zero");
        assertThatExceptionOfType(InvalidInputException.class).isThrownBy(() -> Durations.parsePositiveNanos("0ms"))
                .withMessageContaining("\"0ms\" is zero");
    }

    @Test
    void shouldKeepAMessageOnOneLineWhateverTheText() {
        assertThatExceptionOfType(InvalidInputException.class).isThrownBy(() -> MemorySize.parse("a\nb"))
                .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 1023, 1024, 4096, 1536L << 20, 1L << 30, 3L << 40, Long.MAX_VALUE})
    void shouldReadBackWhatItPrintsExactly(long bytes) {
        assertThat(MemorySize.parse(new MemorySize(bytes).toString()).bytes()).isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource({"0,0 B", "512,512 B", "1024,1.00 KiB", "1048575,1.00 MiB", "1572864,1.50 MiB",
        "1073741824,1.00 GiB", "-2048,-2.00 KiB", "109951162777600,100 TiB"})
    void shouldPrintBytesForPeople(long bytes, String expected) {
        assertThat(MemorySize.format(bytes)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"0,0 ns", "999,999 ns", "1230,1.23 \u00b5s", "50000,50.0 \u00b5s", "999999,1.00 ms",
        "1234567,1.23 ms", "2500000000,2.50 s", "150000000000,2.50 min", "-5000,-5.00 \u00b5s"})
    void shouldPrintDurationsForPeople(long nanos, String expected) {
        assertThat(Durations.format(nanos)).isEqualTo(expected);
    }

    @Test
    void shouldPrintCountsAndRatesForPeople() {
        assertThat(Counts.format(1_048_576)).isEqualTo("1,048,576");
        assertThat(Counts.compact(999)).isEqualTo("999");
        assertThat(Counts.compact(999.9)).isEqualTo("1.00 k");
        assertThat(Counts.compact(1_048_576)).isEqualTo("1.05 M");
        assertThat(Counts.compact(2.5)).isEqualTo("2.50");
        assertThat(Counts.percent(1, 8)).isEqualTo("12.5 %");
        assertThat(Counts.percent(1, 0)).isEqualTo("-");
        assertThat(Rates.formatPerSecond(4_020_000)).isEqualTo("4.02 M/s");
        assertThat(Rates.formatBytesPerSecond(2L << 30)).isEqualTo("2.00 GiB/s");
    }
}
