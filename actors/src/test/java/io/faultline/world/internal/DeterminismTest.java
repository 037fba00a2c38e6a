package io.faultline.world.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.LongStream;

import io.faultline.world.Schedule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeterminismTest {
    @ParameterizedTest
    @ValueSource(longs = {0, 1, 987_654_321})
    void shouldGiveOneTraceForOneSeed(long seed) {
        var first = BusyWorld.run(seed, Schedule.random());

        assertThat(BusyWorld.run(seed, Schedule.random())).as("seed %d", seed).isEqualTo(first);
        assertThat(first.events()).as("seed %d", seed).isGreaterThan(20_000);
        assertThat(first.nanos()).as("seed %d", seed).isPositive();
    }

    @Test
    void shouldGiveAnotherTraceForAnotherSeedOrSchedule() {
        var hashes = LongStream.range(0, 5)
                .mapToObj(seed -> List.of(BusyWorld.run(seed, Schedule.random()), BusyWorld.run(seed, Schedule.fifo())))
                .flatMap(List::stream)
                .map(BusyWorld.Outcome::traceHash);

        assertThat(hashes).doesNotHaveDuplicates().hasSize(10);
    }

    /** Neither the collector nor compressed references nor the compiler may show: nothing hangs on identity or timing. */
    @ParameterizedTest
    @ValueSource(strings = {"-XX:+UseParallelGC", "-XX:+UseZGC"})
    void shouldGiveTheSameTraceInAnotherJvmWithAnotherCollector(String collector) throws Exception {
        var here = BusyWorld.run(77, Schedule.random());

        assertThat(printedByChild(collector, "77")).as("seed 77 under %s", collector).contains(here.toString());
    }

    /** Two loops on two threads at the same time do not hear of each other. */
    @Test
    void shouldGiveTheSameTraceWhileOtherLoopsRun() throws Exception {
        var alone = List.of(BusyWorld.run(5, Schedule.random()), BusyWorld.run(6, Schedule.random()));
        List<Callable<BusyWorld.Outcome>> both =
                List.of(() -> BusyWorld.run(5, Schedule.random()), () -> BusyWorld.run(6, Schedule.random()));

        var together = new ArrayList<BusyWorld.Outcome>();
        try (var pool = Executors.newFixedThreadPool(2)) {
            for (var outcome : pool.invokeAll(both)) {
                together.add(outcome.get());
            }
        }

        assertThat(together).isEqualTo(alone);
    }

    private static String printedByChild(String collector, String seed) throws IOException, InterruptedException {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var child = new ProcessBuilder(
                java,
                collector,
                "-ea",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                BusyWorld.class.getName(),
                seed)
                .redirectErrorStream(true)
                .start();
        var printed = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(child.waitFor()).as(printed).isZero();
        return printed;
    }
}
