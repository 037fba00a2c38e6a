package io.faultline.wholemachine;

import static io.faultline.wholemachine.TestWorld.assertFlawless;
import static io.faultline.wholemachine.TestWorld.assertSound;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.faultline.machine.MachineSpecBuilder;
import io.faultline.machine.Report;
import io.faultline.memory.PageBuffer;
import io.faultline.source.ReadResult;
import io.faultline.source.SourceTiming;
import io.faultline.workload.Workload;
import io.faultline.workload.Workloads;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Sources that fail: pages are tried again, then poisoned, counted and reported; nothing hangs and nothing is lost. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SourceFailureTest {
    private static final int PAGES = 256;
    private static final int ACCESSES_PER_PAGE = 4;
    private static final int BAD_EVERY = 16;
    private static final int ATTEMPTS = 3;
    private static final Workload WALK = Workloads.sequential().accesses(ACCESSES_PER_PAGE * PAGES).writeRatio(0.3);

    /** In which way a source can fail to give a page. */
    enum Failure {
        ERROR {
            @Override
            ReadResult answer() {
                return ReadResult.failed("the disk is gone");
            }
        },
        SHORT {
            @Override
            ReadResult answer() {
                return ReadResult.ended(0, "the image ended");
            }
        },
        EXCEPTION {
            @Override
            ReadResult answer() {
                throw new IllegalStateException("thrown by a user's source");
            }
        },
        ASSERTION {
            @Override
            ReadResult answer() {
                throw new AssertionError("failed in a user's source");
            }
        };

        abstract ReadResult answer();
    }

    /** Fails on every sixteenth page as often as told. */
    private static final class FailingSource extends RecordingSource {
        private final Failure failure;
        private final int failures;

        FailingSource(boolean blocking, Failure failure, int failures) {
            super(blocking);
            this.failure = failure;
            this.failures = failures;
        }

        @Override
        ReadResult answer(long firstPage, PageBuffer destination, int earlier) {
            boolean bad = firstPage % BAD_EVERY == 0 && earlier < failures;
            return bad ? failure.answer() : super.answer(firstPage, destination, earlier);
        }
    }

    private static Stream<Arguments> failures() {
        return Stream.of(TestWorld.values())
                .flatMap(world -> Arrays.stream(Failure.values())
                        .flatMap(failure -> Stream.of(false, true)
                                .map(blocking -> Arguments.of(world, failure, blocking))));
    }

    private static MachineSpecBuilder impatient(MachineSpecBuilder spec) {
        return spec.fetchAttempts(ATTEMPTS).fetchBackoffNanos(10_000);
    }

    @ParameterizedTest
    @MethodSource("failures")
    void shouldPoisonWhatTheSourceNeverGives(TestWorld world, Failure failure, boolean blocking) {
        Report report = world.run(
                spec -> impatient(spec).source(_ -> new FailingSource(blocking, failure, Integer.MAX_VALUE)), WALK);

        assertSound(report);
        long bad = PAGES / BAD_EVERY;
        assertThat(report.faults().poisoned()).isEqualTo(bad);
        assertThat(report.faults().failed()).as("every access of a poisoned page").isEqualTo(bad * ACCESSES_PER_PAGE);
        assertThat(report.io().errors()).isEqualTo(bad * ATTEMPTS);
        assertThat(report.faults().retried()).isEqualTo(bad * (ATTEMPTS - 1));
        assertThat(report.pages().installed()).as("the others are not affected").isEqualTo(PAGES - bad);
    }

    @ParameterizedTest
    @MethodSource("failures")
    void shouldTryAgainUntilTheSourceGives(TestWorld world, Failure failure, boolean blocking) {
        Report report = world
                .run(spec -> impatient(spec).source(_ -> new FailingSource(blocking, failure, ATTEMPTS - 1)), WALK);

        assertSound(report);
        assertThat(report.faults().failed()).isZero();
        assertThat(report.faults().poisoned()).isZero();
        assertThat(report.io().errors()).isEqualTo(PAGES / BAD_EVERY * (ATTEMPTS - 1L));
        assertThat(report.pages().installed()).isEqualTo(PAGES);
    }

    @ParameterizedTest
    @EnumSource
    void shouldResolveEverythingWhenRetriesMakeUpForInjectedErrors(TestWorld world) {
        Report report = world.run(
                spec -> spec.fetchAttempts(30)
                        .fetchBackoffNanos(1)
                        .sourceTiming(SourceTiming.INSTANT.withErrorRate(0.3)),
                WALK);

        assertSound(report);
        assertThat(report.faults().failed()).isZero();
        assertThat(report.io().errors()).isBetween(50L, 200L).isEqualTo(report.faults().retried());
        assertThat(report.pages().installed()).isEqualTo(PAGES);
    }

    @ParameterizedTest
    @EnumSource
    void shouldPoisonEverythingWhenEveryReadFails(TestWorld world) {
        Report report = world.run(
                spec -> impatient(spec).sourceTiming(SourceTiming.INSTANT.withErrorRate(1)), WALK);

        assertThat(report.brokenInvariants()).isEmpty();
        assertThat(report.faults().failed()).isEqualTo(report.accesses().planned());
        assertThat(report.faults().poisoned()).isEqualTo(PAGES);
        assertThat(report.accesses().done()).isZero();
        assertThat(report.pages().installed()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void shouldWaitOutStallsWithinTheTimeOut(TestWorld world) {
        Report report = world.run(
                spec -> spec.sourceTiming(SourceTiming.INSTANT.withStalls(0.05, 3_000_000)), WALK);

        assertFlawless(report);
        assertThat(report.faults().latencyNanos().max()).isGreaterThanOrEqualTo(3_000_000);
    }

    @ParameterizedTest
    @EnumSource
    void shouldGiveUpReadsThatStallBeyondTheTimeOut(TestWorld world) {
        // A stalled read is answered long after it was given up; the next attempt draws anew.
        Report report = world.run(
                spec -> spec.fetchAttempts(20)
                        .fetchBackoffNanos(1000)
                        .fetchTimeoutNanos(20_000_000)
                        .sourceTiming(SourceTiming.INSTANT.withStalls(0.1, 200_000_000)),
                WALK);

        assertSound(report);
        assertThat(report.faults().failed()).isZero();
        assertThat(report.faults().retried()).isPositive();
        assertThat(report.io().errors()).isPositive();
        assertThat(report.pages().installed()).isEqualTo(PAGES);
    }

    @ParameterizedTest
    @EnumSource
    void shouldPoisonWhatStallsEveryTime(TestWorld world) {
        Report report = world.run(
                spec -> spec.fetchAttempts(2)
                        .fetchBackoffNanos(1000)
                        .fetchTimeoutNanos(10_000_000)
                        .inFlight(3)
                        .sourceTiming(SourceTiming.INSTANT.withStalls(1, 3_600_000_000_000L)),
                Workloads.sequential().accesses(8));

        assertThat(report.brokenInvariants()).isEmpty();
        assertThat(report.faults().failed()).isEqualTo(8);
        assertThat(report.faults().poisoned()).isEqualTo(8);
        assertThat(report.io().inFlightPeak()).isLessThanOrEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource
    void shouldRefuseARunWhoseSourceCannotBeOpened(TestWorld world) {
        assertThatThrownBy(() -> world.run(spec -> spec.source(_ -> {
            throw new UnsupportedOperationException("no such image");
        }), WALK)).isInstanceOf(UnsupportedOperationException.class).hasMessageContaining("no such image");
    }

    @ParameterizedTest
    @EnumSource
    void shouldNotHangWhenTheMachineDiesWhileItIsBuilt(TestWorld world) {
        assertThatThrownBy(() -> world.run(spec -> spec.source(_ -> {
            throw new AssertionError("a bug in a user's source");
        }), WALK)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> world.open(spec -> spec.source(_ -> {
            throw new AssertionError("a bug in a user's source");
        }))).isInstanceOf(IllegalStateException.class);
    }
}
