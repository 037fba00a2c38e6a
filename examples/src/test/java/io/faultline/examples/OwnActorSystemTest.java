package io.faultline.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

import io.faultline.machine.Report;
import org.junit.jupiter.api.Test;

class OwnActorSystemTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** A pool's threads may end a moment after the system says that it has terminated. */
    private static boolean ends(Thread thread) {
        try {
            return thread.join(PATIENCE);
        } catch (InterruptedException interrupt) {
            throw new AssertionError(interrupt);
        }
    }

    @Test
    void shouldRunTheWorkloadAndLeaveNoThreadBehind() {
        Report report = OwnActorSystem.run();

        assertThat(report.brokenInvariants()).isEmpty();
        assertThat(report.accesses().done()).isEqualTo(report.accesses().planned()).isPositive();
        assertThat(Thread.getAllStackTraces().keySet())
                .filteredOn(thread -> thread.getName().startsWith("faultline") || thread.getName().startsWith("mine-"))
                .allMatch(OwnActorSystemTest::ends);
    }
}
