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

import io.faultline.schedule.ChoiceLog;
import io.faultline.schedule.Schedule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeterminismTest {
    @ParameterizedTest
    @ValueSource(longs = {0, 1, 987_654_321})
    void shouldGiveOneTraceForOneSeed(long seed) {
        for (Schedule schedule : BusyWorld.SCHEDULES) {
            var first = BusyWorld.run(seed, schedule);

            assertThat(BusyWorld.run(seed, schedule)).as("%s, seed %d", schedule, seed).isEqualTo(first);
            assertThat(first.events()).as("%s, seed %d", schedule, seed).isGreaterThan(20_000);
            assertThat(first.nanos()).as("%s, seed %d", schedule, seed).isPositive();
        }
    }

    @Test
    void shouldGiveAnotherTraceForAnotherSeedOrSchedule() {
        var hashes = LongStream.range(0, 5)
                .boxed()
                .flatMap(seed -> BusyWorld.SCHEDULES.stream().map(schedule -> BusyWorld.run(seed, schedule)))
                .map(BusyWorld.Outcome::traceHash);

        assertThat(hashes).doesNotHaveDuplicates().hasSize(5 * BusyWorld.SCHEDULES.size());
    }

    @Test
    void shouldReplayWhatAnyScheduleChose() {
        for (Schedule schedule : BusyWorld.SCHEDULES) {
            var log = new ChoiceLog();
            var recorded = BusyWorld.run(11, schedule.recordedIn(log));

            assertThat(recorded).as("%s, recorded or not", schedule).isEqualTo(BusyWorld.run(11, schedule));
            assertThat(BusyWorld.run(11, Schedule.replay(log))).as("%s, replayed", schedule).isEqualTo(recorded);
            assertThat(log.deviations() == 0).as("%s is in order", schedule)
                    .isEqualTo(schedule.equals(Schedule.fifo()));
        }
    }

    /** Neither the collector nor compressed references nor the compiler may show: nothing hangs on identity or timing. */
    @ParameterizedTest
    @ValueSource(strings = {"-XX:+UseSerialGC", "-XX:+UseParallelGC", "-XX:+UseG1GC", "-XX:+UseZGC"})
    void shouldGiveTheSameTraceInAnotherJvmWithAnotherCollector(String collector) throws Exception {
        var here = BusyWorld.SCHEDULES.stream()
                .map(schedule -> BusyWorld.run(77, schedule).toString())
                .toArray(String[]::new);

        assertThat(printedByChild(collector, "77")).as("seed 77 under %s", collector).contains(here);
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
