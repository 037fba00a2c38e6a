package io.faultline.embed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

import io.faultline.actors.AccessResult;
import io.faultline.machine.MachineSpec;
import io.faultline.source.SourceTiming;
import io.faultline.units.MemorySize;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FetchBackOffTest {
    @ParameterizedTest
    @CsvSource({"1, 7000, 0", "2, 7000, 7000", "3, 7000, 21000", "4, 1000, 7000", "3, 0, 0"})
    void shouldWaitTheGivenTimeAndDoubleItBeforeEachFurtherAttempt(int attempts, long firstNanos, long totalNanos) {
        MachineSpec spec = MachineSpec.builder()
                .vcpus(1)
                .memory(MemorySize.kibibytes(64))
                .sourceTiming(SourceTiming.INSTANT.withErrorRate(1))
                .fetchAttempts(attempts)
                .fetchBackoffNanos(firstNanos)
                .build();
        List<AccessResult> results = new ArrayList<>();
        try (OpenMachine machine = World.virtual(1).open(spec)) {
            machine.access(0, 0, Access.READ, results::add);
            machine.runUntilIdle();
        }

        assertThat(results).singleElement().satisfies(result -> {
            assertThat(result.failed()).isTrue();
            assertThat(result.latencyNanos()).isEqualTo(totalNanos);
        });
    }
}
