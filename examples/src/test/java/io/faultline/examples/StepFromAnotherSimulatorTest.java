package io.faultline.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import org.junit.jupiter.api.Test;

class StepFromAnotherSimulatorTest {
    @Test
    void shouldStoreEachPacketAfterExactlyTheLatencyOfItsPage() {
        List<String> printed = Printed.linesOf(out -> {
            List<Long> answers = StepFromAnotherSimulator.run(out);
            // Eight pages are missing when the first packets arrive, and there when the next ones do.
            assertThat(answers).containsExactlyInAnyOrder(100_000L, 100_000L, 100_000L, 100_000L, 100_000L, 100_000L,
                    100_000L, 100_000L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L);
        });

        assertThat(printed).hasSize(16).first().asString().startsWith("packet  0");
        assertThat(printed).isEqualTo(Printed.linesOf(StepFromAnotherSimulator::run));
    }
}
