package io.faultline.wholemachine;

import static io.faultline.wholemachine.TestWorld.assertSound;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.faultline.machine.Report;
import io.faultline.memory.PageBuffer;
import io.faultline.ring.ResolutionPolicies;
import io.faultline.source.ReadResult;
import io.faultline.source.SourceTiming;
import io.faultline.units.MemorySize;
import io.faultline.workload.Workloads;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The limit of pages in flight, and that the same pages are read whatever it is. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InFlightTest {
    private static final int PAGES = 256;

    /** Takes its time over each read, so that reads overlap where they may. */
    private static final class ThoroughSource extends RecordingSource {
        ThoroughSource(boolean blocking) {
            super(blocking);
        }

        @Override
        ReadResult answer(long firstPage, PageBuffer destination, int earlier) {
            for (int turn = 0; turn < 50; turn++) {
                super.answer(firstPage, destination, earlier);
            }
            return super.answer(firstPage, destination, earlier);
        }
    }

    private static Stream<Arguments> limits() {
        return Stream.of(TestWorld.values())
                .flatMap(world -> Stream.of(false, true)
                        .flatMap(blocking -> IntStream.of(1, 3, 64)
                                .boxed()
                                .flatMap(inFlight -> IntStream.of(1, 2, 3)
                                        .filter(fetchers -> fetchers <= inFlight)
                                        .mapToObj(fetchers -> Arguments.of(world, blocking, inFlight, fetchers)))));
    }

    @ParameterizedTest
    @MethodSource("limits")
    void shouldNeverReadMorePagesAtOnceThanAllowed(TestWorld world, boolean blocking, int inFlight, int fetchers) {
        ThoroughSource source = new ThoroughSource(blocking);

        Report report = world.world()
                .run(world.spec(spec -> spec.vcpus(128)
                        .memory(MemorySize.kibibytes(4 * PAGES))
                        .memslots(8)
                        .fetchers(fetchers)
                        .inFlight(inFlight)
                        .verify(false)
                        .resolutionPolicy(ResolutionPolicies.prefetch(3))
                        .source(source)
                        .sourceTiming(SourceTiming.INSTANT.withLatencyNanos(20_000))), Workloads.strided(5));

        assertThat(report.brokenInvariants()).isEmpty();
        assertThat(source.underWayPeak()).as("reads at once, by the source's own count").isBetween(1, inFlight);
        assertThat(report.io().inFlightLimit()).isEqualTo(inFlight);
        assertThat(report.io().inFlightPeak()).isBetween((long) Math.min(inFlight, 3), (long) inFlight);
        assertThat(source.pages()).hasSize(PAGES);
        assertThat(source.readCount()).as("each page read once").isEqualTo(PAGES);
        assertThat(report.io().reads()).isEqualTo(PAGES);
        assertThat(source.closedCount()).as("a borrowed source stays open").isZero();
    }

    @ParameterizedTest
    @EnumSource
    void shouldKeepItsQueuesWithinTheirLimitsWhenPrefetchesPileUp(TestWorld world) {
        // One page a millisecond is read, eight are asked for by each fault: windows wait behind one another.
        Report report = world.run(spec -> spec.vcpus(1)
                .memory(MemorySize.mebibytes(4))
                .memslots(8)
                .handlers(3)
                .fetchers(1)
                .inFlight(1)
                .resolutionPolicy(ResolutionPolicies.prefetch(7))
                .sourceTiming(SourceTiming.INSTANT.withLatencyNanos(100_000)), Workloads.random().accesses(400));

        assertSound(report);
        assertThat(report.faults().failed()).isZero();
    }
}
