package io.faultline.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CountDownLatch;

import io.faultline.units.MemorySize;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ChildJvmTest {
    /** Does what its first argument says. */
    static final class Child {
        private Child() {}

        public static void main(String[] args) throws InterruptedException {
            switch (args[0]) {
                case "measure" -> {
                    System.err.println("a warning, which nobody minds");
                    System.out.println(new Measurement(new Work(7, 5, 3, 2), 6, 1, 0).line());
                }
                case "hang" -> new CountDownLatch(1).await();
                case "be-silent" -> {
                    // And ends well.
                }
                default -> throw new IllegalStateException("asked to " + args[0]);
            }
        }
    }

    private static Measurement run(String what, long limitSeconds) throws Exception {
        return new ChildJvm(Child.class.getName(), limitSeconds).run(entrant(what));
    }

    private static Entrant entrant(String what) {
        return new Entrant("the one that is to " + what, List.of(what), MemorySize.mebibytes(16));
    }

    @Test
    void shouldFindTheMeasurementAmongOtherLines() throws Exception {
        assertThat(run("measure", 50)).isEqualTo(new Measurement(new Work(7, 5, 3, 2), 6, 1, 0));
    }

    @Test
    void shouldSayWhoFailedAndWhy() {
        assertThatThrownBy(() -> run("break", 50)).isInstanceOf(ContenderFailedException.class)
                .hasMessageContaining("the one that is to break: ended with exit code 1: ")
                .hasMessageContaining("IllegalStateException: asked to break")
                .hasMessageNotContaining("\n");
    }

    @Test
    void shouldRefuseAChildThatMeasuredNothing() {
        assertThatThrownBy(() -> run("be-silent", 50)).isInstanceOf(ContenderFailedException.class)
                .hasMessageEndingWith("ended with exit code 0: it said nothing");
    }

    @Test
    void shouldEndAChildThatTakesTooLong() {
        assertThatThrownBy(() -> run("hang", 1)).isInstanceOf(ContenderFailedException.class)
                .hasMessageEndingWith("not done within 1 s");
    }

    @Test
    void shouldGiveTheChildAHeapOfItsOwnAndNoAgents() {
        assertThat(new ChildJvm("Main", 1).command(entrant("x"))).contains("-Xms16m", "-Xmx16m", "-XX:+AlwaysPreTouch")
                .noneMatch(argument -> argument.startsWith("-javaagent") || argument.contains("RAMPercentage"))
                .endsWith("Main", "x");
    }
}
