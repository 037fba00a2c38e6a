package io.faultline.actors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;

class CpuTurnsTest {
    private final CpuTurns turns = new CpuTurns();

    private int next() {
        return turns.next() ? turns.running() : CpuTurns.NONE;
    }

    @Test
    void shouldServeInTheOrderTheyCameAndOneAtATime() {
        turns.add(3, false);
        turns.add(5, false);
        turns.add(3, false);
        assertThat(next()).isEqualTo(3);
        assertThat(turns.isContended()).isTrue();
        assertThat(next()).isEqualTo(CpuTurns.NONE);
        turns.giveBack(3, true);
        assertThat(next()).isEqualTo(5);
        turns.giveBack(5, false);
        assertThat(next()).isEqualTo(3);
        turns.giveBack(3, false);
        assertThat(next()).isEqualTo(CpuTurns.NONE);
        assertThat(turns.turn()).isEqualTo(3);
    }

    @Test
    void shouldLetOneThatIsInterruptedGoFirstAndThenWhomItDisturbed() {
        turns.add(1, false);
        turns.add(2, false);
        turns.add(3, false);
        assertThat(next()).isEqualTo(1);
        turns.add(3, true);
        turns.giveBack(1, true);

        assertThat(next()).isEqualTo(3);
        turns.giveBack(3, false);
        assertThat(next()).isEqualTo(1);
        turns.giveBack(1, false);
        assertThat(next()).isEqualTo(2);
        assertThat(turns.isContended()).isFalse();
    }

    @Test
    void shouldRefuseTheCpuFromOneThatDoesNotHaveIt() {
        turns.add(1, false);
        next();

        assertThatIllegalStateException().isThrownBy(() -> turns.giveBack(2, false))
                .withMessage("vCPU 2 gives back a CPU that runs 1");
    }
}
