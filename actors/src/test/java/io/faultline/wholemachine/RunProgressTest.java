package io.faultline.wholemachine;

import static io.faultline.wholemachine.TestWorld.assertSound;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import io.faultline.machine.Report;
import io.faultline.machine.RunProgress;
import io.faultline.source.SourceTiming;
import io.faultline.workload.Workload;
import io.faultline.workload.Workloads;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Listening to a run, and ending it early. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RunProgressTest {
    private static final long ENDLESS = Long.MAX_VALUE / 2;

    /** Asks for the end after so many calls. */
    private static final class Stopper implements RunProgress {
        private final int callsWanted;
        private final AtomicLong calls = new AtomicLong();
        private volatile long lastDone;
        private volatile long planned;
        private volatile boolean wentBack;

        Stopper(int callsWanted) {
            this.callsWanted = callsWanted;
        }

        @Override
        public void advanced(long accessesDone, long accessesPlanned, long faultsResolved, long vcpusHalted) {
            wentBack |= accessesDone < lastDone || faultsResolved < 0 || vcpusHalted < 0 || vcpusHalted > 8;
            lastDone = accessesDone;
            planned = accessesPlanned;
            calls.incrementAndGet();
        }

        @Override
        public boolean stopRequested() {
            return calls.get() >= callsWanted;
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldEndAnEndlessRunWhenAskedTo(TestWorld world) {
        endEarly(world, Workloads.random().accesses(ENDLESS).writeRatio(0.3), SourceTiming.INSTANT);
    }

    @ParameterizedTest
    @EnumSource
    void shouldServeTheFaultsUnderWayToTheirEndFirst(TestWorld world) {
        endEarly(world, Workloads.zipf(1.1).accesses(ENDLESS).writeRatio(0.3),
                SourceTiming.INSTANT.withLatencyNanos(1_000_000));
    }

    private static void endEarly(TestWorld world, Workload workload, SourceTiming timing) {
        int calls = world == TestWorld.THREADS ? 2 : 1; // each is many events away
        Stopper stopper = new Stopper(calls);

        Report report = world.run(spec -> spec.sourceTiming(timing), workload, stopper);

        assertThat(stopper.calls.get()).isGreaterThanOrEqualTo(calls);
        assertThat(stopper.planned).isEqualTo(ENDLESS);
        assertThat(stopper.wentBack).isFalse();
        assertThat(report.brokenInvariants()).isEmpty();
        assertThat(report.accesses().planned()).isEqualTo(ENDLESS);
        assertThat(report.accesses().done()).isGreaterThanOrEqualTo(stopper.lastDone).isLessThan(ENDLESS);
        assertThat(report.accesses().done())
                .as("each access was a hit of the TLB or a walk")
                .isEqualTo(report.accesses().tlbHits() + report.accesses().tlbMisses());
        assertThat(report.pages().verified() + report.accesses().writes()).isEqualTo(report.accesses().done());
        assertThat(report.faults().raised()).isEqualTo(report.faults().resolved());
    }

    @ParameterizedTest
    @EnumSource
    void shouldNotBeInfluencedByAListener(TestWorld world) {
        Workload workload = Workloads.random().accesses(1_000_000).writeRatio(0.3);
        Stopper listener = new Stopper(Integer.MAX_VALUE);

        Report report = world.run(spec -> spec, workload, listener);

        assertSound(report);
        assertThat(report.accesses().done()).isEqualTo(1_000_000);
        if (world == TestWorld.VIRTUAL) {
            Report again = world.run(spec -> spec, workload, new Stopper(Integer.MAX_VALUE));
            assertThat(TestWorld.withoutWallTime(again)).isEqualTo(TestWorld.withoutWallTime(report));
        }
    }
}
