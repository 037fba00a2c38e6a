package io.faultline.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.faultline.registry.InvalidInputException;
import io.faultline.time.SplitMix;
import org.junit.jupiter.api.Test;

class ChoiceLogTest {
    @Test
    void shouldReadBackWhatItWrote() {
        var log = ChoiceLog.of(0, 0, 0, 5, 1, 1, 0);
        assertThat(log.text()).isEqualTo("0x3 5 1x2 0");
        assertThat(ChoiceLog.parse(log.text())).isEqualTo(log);
        assertThat(ChoiceLog.parse(" 0x3\n5 1x2\t0 ")).isEqualTo(log);
        assertThat(ChoiceLog.parse("")).isEqualTo(new ChoiceLog());
    }

    @Test
    void shouldKeepMoreChoicesThanItHadRoomFor() {
        var random = new SplitMix(1);
        var log = new ChoiceLog();
        for (int index = 0; index < 10_000; index++) {
            log.add(random.nextInt(3));
        }
        var twin = new SplitMix(1);
        for (int index = 0; index < 10_000; index++) {
            assertThat(log.get(index)).isEqualTo(twin.nextInt(3));
        }
        assertThat(ChoiceLog.parse(log.text()).toArray()).isEqualTo(log.toArray());
    }

    @Test
    void shouldSayWhichWordIsNoChoice() {
        assertThatThrownBy(() -> ChoiceLog.parse("1 2 x3"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("word 3 of the choices is \"x3\"");
        assertThatThrownBy(() -> ChoiceLog.parse("1x999999999"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("\"1x999999999\"");
        assertThatThrownBy(() -> ChoiceLog.of(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ChoiceLog.of(1).get(1)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void shouldCountWhatIsNotInOrder() {
        assertThat(ChoiceLog.of(0, 3, 0, 1).deviations()).isEqualTo(2);
    }
}
