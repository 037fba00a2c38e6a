package io.faultline.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import org.junit.jupiter.api.Test;

class OwnRaceTest {
    @Test
    void shouldFindTheBugDrawItAndSeeTheFixHold() {
        List<String> lines = OwnRace.run();

        assertThat(lines.getFirst())
                .matches("broken breaks under seed \\d+: a page is fetched once: page 0 is fetched again");
        assertThat(lines.get(1)).contains("vcpu 0", "vcpu 1", "handler 0", "handler 1");
        assertThat(lines).anyMatch(line -> line.startsWith("\u2717"));
        assertThat(lines.getLast()).isEqualTo("fixed holds under 2000 seeds");
    }

    @Test
    void shouldPrintTheSameEachTime() {
        assertThat(OwnRace.run()).isEqualTo(OwnRace.run());
    }
}
