package io.faultline.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ErrnoTest {
    @ParameterizedTest
    @EnumSource(Errno.class)
    void shouldBeFoundByItsNumber(Errno errno) {
        assertThat(Errno.ofNumber(errno.number())).isEqualTo(errno);
        assertThat(Errno.describe(errno.number())).isEqualTo(errno.name());
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 7, 39, 133})
    void shouldDescribeButNotHandOutWhatItDoesNotKnow(int number) {
        assertThat(Errno.describe(number)).isEqualTo("errno " + number);
        assertThatThrownBy(() -> Errno.ofNumber(number))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("errno " + number);
    }

    @Test
    void shouldKnowWhetherAnythingWentWrong() {
        assertThat(Errno.values()).filteredOn(Errno::isOk).containsExactly(Errno.OK);
    }
}
