package io.faultline.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BarsTest {
    @Test
    void shouldDrawToAnEighthOfAColumn() {
        assertThat(Bars.bar(0, 16, 2)).isEqualTo("  ");
        assertThat(Bars.bar(1, 16, 2)).isEqualTo("\u258f ");
        assertThat(Bars.bar(7, 16, 2)).isEqualTo("\u2589 ");
        assertThat(Bars.bar(8, 16, 2)).isEqualTo("\u2588 ");
        assertThat(Bars.bar(16, 16, 2)).isEqualTo("\u2588\u2588");
    }

    @Test
    void shouldLeaveAMarkForTheSmallestPart() {
        assertThat(Bars.bar(1, 1_000_000, 4)).isEqualTo("\u258f   ");
    }

    @Test
    void shouldDrawNothingOfNothing() {
        assertThat(Bars.bar(0, 0, 4)).isEqualTo("    ");
    }
}
