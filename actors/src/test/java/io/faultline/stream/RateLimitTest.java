package io.faultline.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.faultline.schedule.Schedule;
import io.faultline.world.internal.ThreadsSystem;
import io.faultline.world.internal.VirtualSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.Test;

class RateLimitTest {
    private static final long GIB_PER_SECOND = 1L << 30;

    private record Passed(long nanos, int number) {}

    private static List<Passed> passedInVirtual(long bytesPerSecond, long burstBytes, int elements, long bytes) {
        var passed = new ArrayList<Passed>();
        try (var system = VirtualSystem.<Void>boot("rate", 1, Schedule.random(), world -> Behaviors.setup(context -> {
            Source.range(0, elements - 1)
                    .via(new RateLimit<>(world, bytesPerSecond, burstBytes, _ -> bytes))
                    .runWith(Sink.foreach(i -> passed.add(new Passed(world.clock().nanos(), i))), context.getSystem());
            return Behaviors.empty();
        }))) {
            system.loop().runUntilIdle();
        }
        return passed;
    }

    @Test
    void shouldPassEveryElementAtItsExactNanosecondInVirtualTime() {
        var passed = passedInVirtual(GIB_PER_SECOND, 0, 1_000, 4096);

        assertThat(passed).hasSize(1_000);
        for (int i = 0; i < passed.size(); i++) {
            long exact = Math.ceilDiv(i * 4096L * 1_000_000_000L, GIB_PER_SECOND);
            assertThat(passed.get(i)).isEqualTo(new Passed(exact, i));
        }
    }

    @Test
    void shouldRunAheadByTheBurst() {
        // 1 byte a nanosecond and a burst of 5 elements: the first six pass at once.
        var passed = passedInVirtual(1_000_000_000, 500, 10, 100);

        assertThat(passed).extracting(Passed::nanos)
                .containsExactly(0L, 0L, 0L, 0L, 0L, 0L, 100L, 200L, 300L, 400L);
    }

    @Test
    void shouldNeverBeFasterThanTheRateOnThreads() throws Exception {
        try (var threads = ThreadsSystem.<Void>boot("rate", 1, _ -> Behaviors.empty())) {
            var clock = threads.context().clock();
            long start = clock.nanos();
            var passed = Source.range(0, 100)
                    .via(new RateLimit<Integer>(threads.context(), 100_000_000, 0, _ -> 4096))
                    .map(i -> new Passed(clock.nanos() - start, i))
                    .runWith(Sink.seq(), threads.system())
                    .toCompletableFuture()
                    .get(30, TimeUnit.SECONDS);

            assertThat(passed).extracting(Passed::number)
                    .containsExactlyElementsOf(IntStream.rangeClosed(0, 100).boxed().toList());
            assertThat(passed).allSatisfy(
                    element -> assertThat(element.nanos).isGreaterThanOrEqualTo(element.number * 40_960L));
        }
    }

    @Test
    void shouldEndWithItsUpstreamAfterTheElementItHolds() {
        var passed = passedInVirtual(1_000, 0, 2, 1_000);

        assertThat(passed).containsExactly(new Passed(0, 0), new Passed(1_000_000_000, 1));
    }
}
