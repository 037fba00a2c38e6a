package io.faultline.wholemachine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

import io.faultline.actors.AccessResult;
import io.faultline.embed.Access;
import io.faultline.embed.OpenMachine;
import io.faultline.machine.Report;
import io.faultline.registry.InvalidInputException;
import io.faultline.source.SourceTiming;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A machine that its owner drives: accesses, their callbacks, stepping, mistakes and the end. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OpenMachineTest {
    private static final long LATENCY_NANOS = 100_000;
    private static final int PAGES = 256;

    private static final class Failed extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    @ParameterizedTest
    @EnumSource
    void shouldTellOfEachAccess(TestWorld world) {
        try (DrivenMachine machine = new DrivenMachine(world, spec -> spec)) {
            AccessResult read = machine.read(3, 7);
            AccessResult write = machine.write(5, 7);

            assertThat(read.vcpu()).isEqualTo(3);
            assertThat(read.gpa()).isEqualTo(7 * 4096);
            assertThat(read.write()).isFalse();
            assertThat(read.failed()).isFalse();
            assertThat(write.vcpu()).isEqualTo(5);
            assertThat(write.write()).isTrue();
            assertThat(write.failed()).isFalse();
            Report report = machine.report();
            assertThat(report.brokenInvariants()).isEmpty();
            assertThat(report.accesses().done()).isEqualTo(2);
            assertThat(report.accesses().writes()).isEqualTo(1);
            assertThat(report.io().reads()).isEqualTo(1);
            assertThat(report.pages().verified()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldMakeAVcpusAccessesInTheOrderAskedFor(TestWorld world) {
        try (DrivenMachine machine = new DrivenMachine(world,
                spec -> spec.sourceTiming(SourceTiming.INSTANT.withLatencyNanos(LATENCY_NANOS)))) {
            Queue<Long> order = new ConcurrentLinkedQueue<>();
            CompletableFuture<Boolean> last = new CompletableFuture<>();
            for (long page : new long[]{9, 3, 200, 3, 9}) {
                machine.machine().access(0, page * 4096, Access.READ, result -> order.add(result.gpa() / 4096));
            }
            machine.machine().access(0, 0, Access.READ, _ -> last.complete(true));
            machine.settle(last);

            assertThat(order).containsExactly(9L, 3L, 200L, 3L, 9L);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldLetACallbackAskForTheNextAccess(TestWorld world) {
        try (DrivenMachine machine = new DrivenMachine(world, spec -> spec)) {
            CompletableFuture<Boolean> end = new CompletableFuture<>();
            chain(machine.machine(), 0, 300, end);
            machine.settle(end);

            assertThat(machine.report().accesses().done()).isEqualTo(300);
        }
    }

    private static void chain(OpenMachine machine, int made, int wanted, CompletableFuture<Boolean> end) {
        if (made == wanted) {
            end.complete(true);
        } else {
            machine.access(made % 8, made % PAGES * 4096L, Access.WRITE, _ -> chain(machine, made + 1, wanted, end));
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldFailAnAccessOutsideTheMemoryAndGoOn(TestWorld world) {
        try (DrivenMachine machine = new DrivenMachine(world, spec -> spec)) {
            assertThat(machine.read(0, PAGES).failed()).as("the first byte behind").isTrue();
            assertThat(machine.write(0, 1L << 40).failed()).as("far behind").isTrue();
            assertThat(machine.read(0, -1).failed()).as("a negative address").isTrue();
            assertThat(machine.read(0, Long.MAX_VALUE / 4096).failed()).as("the last address").isTrue();
            assertThat(machine.read(0, PAGES - 1).failed()).as("the last page").isFalse();

            assertThat(machine.report().brokenInvariants()).isEmpty();
            assertThat(machine.report().accesses().done()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldRefuseMistakesBeforeAnythingHappens(TestWorld world) {
        try (DrivenMachine driven = new DrivenMachine(world, spec -> spec)) {
            OpenMachine machine = driven.machine();
            Runnable never = () -> {
                throw new Failed();
            };

            assertThatThrownBy(() -> machine.access(-1, 0, Access.READ, _ -> {
            })).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> machine.access(8, 0, Access.READ, _ -> {
            })).isInstanceOf(IndexOutOfBoundsException.class);
            for (long[] range : new long[][]{{1, 4096}, {0, 100}, {0, 0}, {0, -4096}, {-4096, 4096}, {0, 257 * 4096},
                {256 * 4096, 4096}, {4096, Long.MAX_VALUE - 4095}}) {
                assertThatThrownBy(() -> machine.discard(range[0], range[1], never))
                        .isInstanceOf(InvalidInputException.class)
                        .hasMessageContaining(Long.toHexString(range[0]));
                assertThatThrownBy(() -> machine.writeProtect(range[0], range[1], never))
                        .isInstanceOf(InvalidInputException.class);
            }
            assertThat(driven.read(0, 0).failed()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldDoNothingMoreOnceClosed(TestWorld world) {
        OpenMachine machine = world.open(spec -> spec);
        machine.close();
        machine.close();

        machine.access(0, 0, Access.READ, _ -> {
            throw new Failed();
        });
        assertThatThrownBy(machine::report).isInstanceOf(IllegalStateException.class).hasMessageContaining("closed");
        assertThatThrownBy(() -> machine.discard(0, 4096, () -> {
        })).isInstanceOf(IllegalStateException.class).hasMessageContaining("closed");
    }

    @ParameterizedTest
    @EnumSource
    void shouldCloseInTheMiddleOfFaults(TestWorld world) {
        RecordingSource source = new RecordingSource(true);
        OpenMachine machine = world.open(spec -> spec.source(_ -> source)
                .sourceTiming(SourceTiming.INSTANT.withLatencyNanos(LATENCY_NANOS)));
        for (int access = 0; access < 200; access++) {
            machine.access(access % 8, access * 4096L, Access.READ, _ -> {
            });
        }
        machine.report();
        machine.close();

        assertThat(source.closedCount()).isEqualTo(1);
        assertThat(source.wasMisused()).as("closed while read, or read when closed").isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void shouldRefuseToOpenWhatCannotBeBuilt(TestWorld world) {
        assertThatThrownBy(() -> world.open(spec -> spec.source(_ -> {
            throw new InvalidInputException("image /no/such: no such file");
        }))).isInstanceOf(InvalidInputException.class).hasMessage("image /no/such: no such file");
    }

    @Test
    void shouldNotStepOnThreads() {
        try (OpenMachine machine = TestWorld.THREADS.open(spec -> spec)) {
            assertThatThrownBy(machine::nextEventNanos).isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(() -> machine.advanceTo(1)).isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(machine::runUntilIdle).isInstanceOf(UnsupportedOperationException.class);
        }
    }

    @Test
    void shouldEndAnAccessExactlyWhenItsLatencyIsOver() {
        try (OpenMachine machine = TestWorld.VIRTUAL
                .open(spec -> spec.sourceTiming(SourceTiming.INSTANT.withLatencyNanos(LATENCY_NANOS)))) {
            machine.runUntilIdle();
            assertThat(machine.nowNanos()).isZero();
            assertThat(machine.nextEventNanos()).isEqualTo(Long.MAX_VALUE);
            CompletableFuture<AccessResult> done = new CompletableFuture<>();

            machine.access(0, 0, Access.READ, done::complete);
            assertThat(machine.nextEventNanos()).as("something is ready").isZero();
            machine.advanceTo(0);
            assertThat(machine.nextEventNanos()).isEqualTo(LATENCY_NANOS);
            machine.advanceTo(LATENCY_NANOS - 1);
            assertThat(machine.nowNanos()).isEqualTo(LATENCY_NANOS - 1);
            assertThat(done).isNotDone();
            machine.advanceTo(LATENCY_NANOS);
            assertThat(done).isCompleted();
            assertThat(done.join().latencyNanos()).isEqualTo(LATENCY_NANOS);
            assertThat(machine.nowNanos()).isEqualTo(LATENCY_NANOS);

            machine.access(1, 0, Access.READ, result -> assertThat(result.latencyNanos()).isZero());
            machine.advanceTo(LATENCY_NANOS);
            assertThat(machine.report().accesses().done()).isEqualTo(2);
            assertThatThrownBy(() -> machine.advanceTo(LATENCY_NANOS - 1))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void shouldBackOffBetweenAttemptsAsLongAsSpecified() {
        // Attempts at 0, then 30 µs later, then 60 µs after that; each read takes 100 µs.
        try (OpenMachine machine = TestWorld.VIRTUAL.open(spec -> spec.fetchAttempts(3)
                .fetchBackoffNanos(30_000)
                .sourceTiming(SourceTiming.INSTANT.withLatencyNanos(LATENCY_NANOS).withErrorRate(1)))) {
            CompletableFuture<AccessResult> done = new CompletableFuture<>();
            machine.access(0, 0, Access.READ, done::complete);

            machine.advanceTo(3 * LATENCY_NANOS + 90_000 - 1);
            assertThat(done).isNotDone();
            machine.advanceTo(3 * LATENCY_NANOS + 90_000);
            assertThat(done.join().failed()).isTrue();
        }
    }

    @Test
    void shouldReportTheSameWhenDrivenTheSame() {
        assertThat(driveAround(4)).isEqualTo(driveAround(4)).isNotEqualTo(driveAround(5));
        assertThat(driveAround(4).traceHash()).as("the hash says so of everything between").hasSize(16);
    }

    private static Report driveAround(int accesses) {
        try (DrivenMachine machine = new DrivenMachine(TestWorld.VIRTUAL,
                spec -> spec.sourceTiming(SourceTiming.INSTANT.withLatencyNanos(LATENCY_NANOS)))) {
            for (int access = 0; access < accesses; access++) {
                var _ = machine.begin(access % 8, access / 2, Access.WRITE);
            }
            machine.discard(0, 2);
            return TestWorld.withoutWallTime(machine.report());
        }
    }
}
