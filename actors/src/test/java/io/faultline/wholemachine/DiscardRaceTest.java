package io.faultline.wholemachine;

import static io.faultline.wholemachine.DiscardTest.assertSound;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

import io.faultline.embed.Access;
import io.faultline.machine.MachineSpecBuilder;
import io.faultline.machine.Report;
import io.faultline.source.SourceTiming;
import io.faultline.time.SplitMix;
import io.faultline.wholemachine.DiscardTest.Memory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Accesses, discards and write protections of a few pages, all at once: whatever goes stale or missing is corrupt. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DiscardRaceTest {
    private static final int RACE_ACCESSES = 400;
    private static final int RACE_OPERATIONS = 150;

    /** Every vCPU asks for its next access from its last one's callback; discards and protections go on meanwhile. */
    @ParameterizedTest
    @MethodSource("io.faultline.wholemachine.DiscardTest#memoriesInWorlds")
    void shouldVerifyEveryAccessThatRacesDiscardsAndProtections(TestWorld world, Memory memory) {
        Report report = race(world, memory, 11);

        assertSound(report);
        assertThat(report.accesses().done()).isEqualTo(8 * RACE_ACCESSES);
        if (world == TestWorld.VIRTUAL) { // on threads the operations may all come too late
            assertThat(report.faults().writeProtect()).isPositive();
            assertThat(race(world, memory, 11)).as("the same race again").isEqualTo(report);
            assertThat(race(world, memory, 12)).isNotEqualTo(report);
        }
    }

    private static Report race(TestWorld world, Memory memory, long seed) {
        return race(world, memory::in, seed);
    }

    /** Races on a memory of {@link Memory#PAGES} pages. */
    static Report race(TestWorld world, UnaryOperator<MachineSpecBuilder> memory, long seed) {
        try (DrivenMachine machine = new DrivenMachine(world,
                spec -> memory.apply(spec)
                        .tlbEntries(8)
                        .sourceTiming(SourceTiming.INSTANT.withLatencyNanos(3_000)))) {
            CompletableFuture<?>[] ends = new CompletableFuture<?>[9];
            for (int vcpu = 0; vcpu < 8; vcpu++) {
                CompletableFuture<Boolean> end = new CompletableFuture<>();
                ends[vcpu] = end;
                goOn(machine, vcpu, new SplitMix(seed).split(vcpu), RACE_ACCESSES, end);
            }
            CompletableFuture<Boolean> end = new CompletableFuture<>();
            ends[8] = end;
            operate(machine, new SplitMix(seed).split(99), RACE_OPERATIONS, end);
            machine.settle(CompletableFuture.allOf(ends));
            return TestWorld.withoutWallTime(machine.report());
        }
    }

    private static void goOn(DrivenMachine machine, int vcpu, SplitMix random, int left,
            CompletableFuture<Boolean> end) {
        if (left == 0) {
            end.complete(true);
            return;
        }
        Access access = random.nextInt(10) < 4 ? Access.WRITE : Access.READ;
        var _ = machine.begin(vcpu, random.nextInt(Memory.PAGES), access).whenComplete((result, failure) -> {
            if (failure != null || result.failed()) {
                end.completeExceptionally(new AssertionError("vCPU " + vcpu + ": " + result, failure));
            } else {
                goOn(machine, vcpu, random, left - 1, end);
            }
        });
    }

    private static void operate(DrivenMachine machine, SplitMix random, int left, CompletableFuture<Boolean> end) {
        if (left == 0) {
            end.complete(true);
            return;
        }
        int page = random.nextInt(Memory.PAGES);
        int pages = 1 + random.nextInt(Math.min(4, Memory.PAGES - page));
        CompletableFuture<Boolean> done = random.nextInt(2) == 0 ? machine.beginDiscard(page, pages)
                : machine.beginWriteProtect(page, pages);
        var _ = done.whenComplete((_, failure) -> operate(machine, random, left - 1, end));
    }
}
