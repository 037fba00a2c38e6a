package io.faultline.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.faultline.linux.userfault.UserfaultOpening;
import io.faultline.memory.Errno;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NothingLeft.class)
class LinuxSupportTest {
    private final LinuxSupport support = LinuxSupport.probe();

    /** Runs on every machine: exactly one of the two is told. */
    @Test
    void shouldSayHowToOpenOrWhatIsMissing() {
        if (support.isAvailable()) {
            assertThat(support.opening().servesSystemCalls()).isTrue();
            assertThat(support.opening().attempt()).isEqualTo(Errno.OK);
            assertThat(support.features() & LinuxSupport.REQUIRED_FEATURES).isEqualTo(LinuxSupport.REQUIRED_FEATURES);
            assertThatThrownBy(support::missing).isInstanceOf(IllegalStateException.class);
        } else {
            assertThat(support.missing()).isNotBlank().doesNotContain("\n");
            assertThat(support.features()).isZero();
            assertThatThrownBy(support::opening).hasMessage(support.missing());
        }
    }

    @Test
    void shouldKnowWhichWaysServeSystemCalls() {
        assertThat(UserfaultOpening.values())
                .filteredOn(UserfaultOpening::servesSystemCalls)
                .containsExactly(UserfaultOpening.SYSTEM_CALL, UserfaultOpening.DEVICE);
    }
}
