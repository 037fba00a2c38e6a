package io.faultline.lab.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.faultline.registry.InvalidInputException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValueRangeTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "strict                        | strict",
        "ring:size=8..64x2             | ring:size=8 ring:size=16 ring:size=32 ring:size=64",
        "ring:size=8..32+8             | ring:size=8 ring:size=16 ring:size=24 ring:size=32",
        "ring:size=8..63x2             | ring:size=8 ring:size=16 ring:size=32",
        "ring:size=0..2+1              | ring:size=0 ring:size=1 ring:size=2",
        "ring:size=7..7x2              | ring:size=7",
        "ring:size=8..16x2+paravirt    | ring:size=8+paravirt ring:size=16+paravirt",
        "ring:size=8..16+8+lazy        | ring:size=8+lazy ring:size=16+lazy",
        "a:t=10us..1msx10              | a:t=10us a:t=100us a:t=1ms",
        "a:t=500us..2ms+750us          | a:t=500us a:t=1250us a:t=2ms",
        "a:x=1..2+1,y=3..6x2           | a:x=1,y=3 a:x=1,y=6 a:x=2,y=3 a:x=2,y=6",
        "1..5+2                        | 1 3 5"})
    void shouldSpellOutEveryValueOfARange(String text, String values) {
        assertThat(ValueRange.expand(text)).containsExactly(values.split(" "));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "ring:size=8..64               | the range \"8..64\" needs a step: 8..64x2 doubles, 8..64+8 adds 8",
        "ring:size=64..8x2             | runs downwards",
        "ring:size=8..64x1             | never ends",
        "ring:size=0..64x2             | never ends",
        "ring:size=0..64+0             | never ends",
        "ring:size=1..9000+1           | more than 1000 values",
        "a:t=10us..100x2               | needs a unit with each number",
        "a:t=10..100us+5us             | needs a unit with each number",
        "a:t=1us..9us+2                | needs a unit with each number",
        "a:t=1us..9usx2us              | has a unit at its factor",
        "a:n=1..9999999999999999x2     | more than 15 digits"})
    void shouldSayWhatIsWrongWithARange(String text, String problem) {
        assertThatThrownBy(() -> ValueRange.expand(text)).isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(problem);
    }
}
