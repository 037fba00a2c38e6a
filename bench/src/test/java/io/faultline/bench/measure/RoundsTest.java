package io.faultline.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.faultline.units.MemorySize;
import org.junit.jupiter.api.Test;

class RoundsTest {
    private final Entrant a = entrant("a");
    private final Entrant b = entrant("b");
    private final Entrant c = entrant("c");
    private final List<String> order = new ArrayList<>();
    private final ByteArrayOutputStream progress = new ByteArrayOutputStream();
    private long nowNanos;

    private static Entrant entrant(String title) {
        return new Entrant(title, List.of(), MemorySize.mebibytes(1));
    }

    private Rounds rounds(Rounds.Runner runner) {
        return new Rounds(runner, () -> nowNanos, new PrintStream(progress, true, StandardCharsets.UTF_8));
    }

    private Measurement took(Entrant entrant, long nanos) {
        order.add(entrant.title());
        nowNanos += nanos;
        return new Measurement(new Work(1, 1, 0, nanos), 0, order.size(), 0);
    }

    @Test
    void shouldBeginEachRoundWithAnother() throws Exception {
        Map<Entrant, List<Measurement>> measured =
                rounds(entrant -> took(entrant, 1)).run(List.of(a, b, c), 3, Long.MAX_VALUE);
        assertThat(order).containsExactly("a", "b", "c", "b", "c", "a", "c", "a", "b");
        assertThat(measured.get(a)).extracting(Measurement::runs).containsExactly(1, 6, 8);
        assertThat(measured.get(c)).extracting(Measurement::runs).containsExactly(3, 5, 7);
    }

    @Test
    void shouldBeginNoRoundThatWouldOverrunTheBudget() throws Exception {
        Map<Entrant, List<Measurement>> measured =
                rounds(entrant -> took(entrant, 10)).run(List.of(a, b), 5, 50);
        assertThat(measured.get(a)).hasSize(2);
        assertThat(progress.toString(StandardCharsets.UTF_8)).contains("no time for a further round");
    }

    @Test
    void shouldRunTheFirstRoundWhateverTheBudget() throws Exception {
        assertThat(rounds(entrant -> took(entrant, 10)).run(List.of(a), 5, 0).get(a)).hasSize(1);
    }

    @Test
    void shouldGiveUpWhenOneFails() {
        Rounds failing = rounds(entrant -> {
            throw new ContenderFailedException(entrant.title() + ": broke");
        });
        assertThatThrownBy(() -> failing.run(List.of(a, b), 1, Long.MAX_VALUE))
                .isInstanceOf(ContenderFailedException.class)
                .hasMessage("a: broke");
    }
}
