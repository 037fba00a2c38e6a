package io.faultline.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;

class ProgressDisplayTest {
    private static final long SECOND = 1_000_000_000;

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final PrintStream err = new PrintStream(written, true, StandardCharsets.UTF_8);
    private long nanos = 77;

    @Test
    void shouldStaySilentWhenARunEndsSoon() {
        try (ProgressDisplay display = display(0, false)) {
            nanos += 4 * SECOND;
            display.advanced(50, 100, 7, 3);
        }

        assertThat(text()).isEmpty();
    }

    @Test
    void shouldPrintALineEveryFewSecondsWhereNobodyWatches() {
        try (ProgressDisplay display = display(0, false)) {
            for (int second = 1; second <= 12; second++) {
                nanos += SECOND;
                display.advanced(second, 100, 7, 3);
            }
        }

        assertThat(text()).isEqualTo("""
                stress: 5.00 s, 5.0 % of the accesses, 7 faults, 3 halted
                stress: 10.0 s, 10.0 % of the accesses, 7 faults, 3 halted
                """);
    }

    @Test
    void shouldAskTheRunToStopWhenItsTimeIsOver() {
        try (ProgressDisplay display = display(10 * SECOND, false)) {
            nanos += 10 * SECOND - 1;
            assertThat(display.stopRequested()).isFalse();
            nanos++;
            assertThat(display.stopRequested()).isTrue();
        }
    }

    @Test
    void shouldNeverAskTheRunToStopWithoutADuration() {
        try (ProgressDisplay display = display(0, false)) {
            nanos += 1_000_000 * SECOND;
            assertThat(display.stopRequested()).isFalse();
        }
    }

    @Test
    void shouldMoveABarOnATerminal() {
        try (ProgressDisplay display = display(0, true)) {
            display.advanced(50, 100, 7, 3);
        }

        assertThat(text()).contains("stress", " 50 %  7 faults, 3 halted");
    }

    @Test
    void shouldMoveTheBarWithTheTimeWhenThatEndsTheRun() {
        try (ProgressDisplay display = display(10 * SECOND, true)) {
            nanos += 4 * SECOND;
            display.advanced(50, Long.MAX_VALUE, 7, 3);
        }

        assertThat(text()).contains(" 40 %  7 faults");
    }

    private ProgressDisplay display(long durationNanos, boolean terminal) {
        ProgressDisplay display =
                ProgressDisplay.on(new Console(err, err, terminal), "stress", durationNanos, () -> nanos);
        nanos += 1000 * SECOND; // building the machine is not the run's time
        display.advanced(0, 100, 0, 0);
        return display;
    }

    private String text() {
        return written.toString(StandardCharsets.UTF_8);
    }
}
