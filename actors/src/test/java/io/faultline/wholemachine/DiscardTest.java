package io.faultline.wholemachine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.faultline.actors.AccessResult;
import io.faultline.embed.Access;
import io.faultline.machine.Backing;
import io.faultline.machine.MachineSpecBuilder;
import io.faultline.machine.PageContents;
import io.faultline.machine.Report;
import io.faultline.machine.ResolveBy;
import io.faultline.memory.PageBuffer;
import io.faultline.memory.PageSize;
import io.faultline.source.ReadResult;
import io.faultline.source.SourceTiming;
import io.faultline.units.MemorySize;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Pages given back and pages write-protected while the machine runs. The verifier knows of every discard, so a page that
 * came back from its source instead of as zeros, or that lost a write, is counted as corrupt.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DiscardTest {
    /** Twelve pages in two memslots, of every kind. */
    enum Memory {
        ANON_4K(Backing.ANON, PageSize.SIZE_4K, PageContents.BYTES, false),
        ANON_4K_MOVED(Backing.ANON, PageSize.SIZE_4K, PageContents.BYTES, false),
        ANON_2M_TOKENS_MOVED(Backing.ANON, PageSize.SIZE_2M, PageContents.TOKENS, false),
        SHMEM_4K(Backing.SHMEM, PageSize.SIZE_4K, PageContents.BYTES, false),
        SHMEM_4K_MINOR(Backing.SHMEM, PageSize.SIZE_4K, PageContents.BYTES, true),
        ANON_2M_TOKENS(Backing.ANON, PageSize.SIZE_2M, PageContents.TOKENS, false),
        HUGETLB_2M_TOKENS(Backing.HUGETLB, PageSize.SIZE_2M, PageContents.TOKENS, false),
        HUGETLB_2M_MINOR_TOKENS(Backing.HUGETLB, PageSize.SIZE_2M, PageContents.TOKENS, true);

        static final int PAGES = 12;

        private final Backing backing;
        private final PageSize pageSize;
        private final PageContents contents;
        private final boolean minor;

        Memory(Backing backing, PageSize pageSize, PageContents contents, boolean minor) {
            this.backing = backing;
            this.pageSize = pageSize;
            this.contents = contents;
            this.minor = minor;
        }

        MachineSpecBuilder in(MachineSpecBuilder spec) {
            return spec.backing(backing)
                    .pageSize(pageSize)
                    .contents(contents)
                    .minorFaults(minor)
                    .resolveBy(name().endsWith("MOVED") ? ResolveBy.MOVE : ResolveBy.COPY)
                    .memory(new MemorySize(PAGES * pageSize.bytes()))
                    .memslots(2);
        }
    }

    static Stream<Arguments> memoriesInWorlds() {
        return Stream.of(TestWorld.values())
                .flatMap(world -> Arrays.stream(Memory.values()).map(memory -> Arguments.of(world, memory)));
    }

    private static Stream<Arguments> fetchedMemoriesInWorlds() {
        return memoriesInWorlds().filter(arguments -> !((Memory) arguments.get()[1]).minor);
    }

    static void assertSound(Report report) {
        assertThat(report.brokenInvariants()).isEmpty();
        assertThat(report.faults().failed()).isZero();
        assertThat(report.pages().verified()).isPositive();
    }

    @ParameterizedTest
    @MethodSource("memoriesInWorlds")
    void shouldReadZerosWhereItWroteBeforeTheDiscard(TestWorld world, Memory memory) {
        try (DrivenMachine machine = new DrivenMachine(world, memory::in)) {
            for (int page = 0; page < Memory.PAGES; page++) {
                machine.write(page % 8, page);
                machine.read((page + 1) % 8, page);
            }
            long fetched = machine.report().io().reads();
            machine.discard(4, 5); // over the border of the memslots
            for (int page = 0; page < Memory.PAGES; page++) {
                machine.read((page + 1) % 8, page);
                machine.write(page % 8, page);
                machine.read((page + 2) % 8, page);
            }

            Report report = machine.report();
            assertSound(report);
            assertThat(report.io().reads()).as("a discarded page is not fetched again").isEqualTo(fetched);
            assertThat(report.pages().verified()).isEqualTo(3 * Memory.PAGES);
            assertThat(report.pages().installed()).isEqualTo(Memory.PAGES + 5);
        }
    }

    @ParameterizedTest
    @MethodSource("memoriesInWorlds")
    void shouldDiscardPagesThatWereNeverTouchedAndTheSameOnesAgain(TestWorld world, Memory memory) {
        try (DrivenMachine machine = new DrivenMachine(world, memory::in)) {
            machine.discard(0, Memory.PAGES);
            machine.write(0, 3);
            machine.discard(3, 1);
            machine.discard(3, 1);
            for (int page = 0; page < Memory.PAGES; page++) {
                machine.read(1, page);
            }

            assertSound(machine.report());
            assertThat(machine.report().io().reads()).as("all of it is zeros").isZero();
            assertThat(machine.report().pages().verified()).isEqualTo(Memory.PAGES);
        }
    }

    @ParameterizedTest
    @MethodSource("memoriesInWorlds")
    void shouldFaultOnTheFirstWriteToAProtectedPageOfEveryVcpu(TestWorld world, Memory memory) {
        try (DrivenMachine machine = new DrivenMachine(world, memory::in)) {
            for (int vcpu = 0; vcpu < 8; vcpu++) {
                machine.write(vcpu, 2);
                machine.write(vcpu, 7);
            }
            assertThat(machine.report().faults().writeProtect()).isZero();

            machine.writeProtect(1, 8);
            for (int vcpu = 0; vcpu < 8; vcpu++) {
                machine.read(vcpu, 2);
            }
            assertThat(machine.report().faults().writeProtect()).as("reading is allowed").isZero();
            machine.write(5, 2);
            assertThat(machine.report().faults().writeProtect()).as("page 2").isEqualTo(1);
            machine.write(4, 7);
            assertThat(machine.report().faults().writeProtect()).as("page 7").isEqualTo(2);
            machine.write(3, 2);
            machine.write(3, 7);
            assertThat(machine.report().faults().writeProtect()).as("once for all").isEqualTo(2);
            machine.writeProtect(2, 1);
            machine.writeProtect(2, 1);
            machine.write(3, 2);
            assertThat(machine.report().faults().writeProtect()).as("protected anew").isEqualTo(3);

            assertSound(machine.report());
        }
    }

    @ParameterizedTest
    @MethodSource("memoriesInWorlds")
    void shouldFillPagesThatWereProtectedWhileAbsent(TestWorld world, Memory memory) {
        try (DrivenMachine machine = new DrivenMachine(world, memory::in)) {
            machine.read(0, 0);
            machine.writeProtect(0, Memory.PAGES);
            for (int page = 0; page < Memory.PAGES; page++) {
                machine.write(page % 8, page);
                machine.read((page + 1) % 8, page);
            }
            machine.writeProtect(0, Memory.PAGES);
            machine.discard(0, Memory.PAGES);
            for (int page = 0; page < Memory.PAGES; page++) {
                machine.write(page % 8, page);
                machine.read((page + 1) % 8, page);
            }

            assertSound(machine.report());
            assertThat(machine.report().faults().writeProtect()).isPositive();
        }
    }

    @Test
    void shouldNotInstallWhatWasOnItsWayWhenThePageWasDiscarded() {
        try (DrivenMachine machine = new DrivenMachine(TestWorld.VIRTUAL,
                spec -> spec.sourceTiming(SourceTiming.INSTANT.withLatencyNanos(100_000)))) {
            CompletableFuture<AccessResult> read = machine.begin(0, 5, Access.READ);
            machine.machine().advanceTo(50_000);
            assertThat(machine.report().io().inFlightPeak()).isEqualTo(1);

            CompletableFuture<Boolean> discarded = machine.beginDiscard(5, 1);
            machine.machine().advanceTo(50_000);
            assertThat(discarded).as("a discard waits for no fetch").isCompleted();
            assertThat(read).as("zeros need no fetch").isCompleted();
            machine.machine().advanceTo(100_000);
            machine.read(1, 5);
            machine.write(1, 5);
            machine.read(2, 5);

            assertSound(machine.report());
            assertThat(machine.report().io().reads()).as("the fetch that was under way").isEqualTo(1);
        }
    }

    /** Does not answer until it is let. */
    private static final class GatedSource extends RecordingSource {
        private final CountDownLatch entered = new CountDownLatch(1);
        private final CountDownLatch gate = new CountDownLatch(1);

        GatedSource() {
            super(true);
        }

        @Override
        ReadResult answer(long firstPage, PageBuffer destination, int earlier) {
            entered.countDown();
            try {
                if (!gate.await(20, TimeUnit.SECONDS)) {
                    return ReadResult.failed("nobody opened the gate");
                }
            } catch (InterruptedException interrupt) {
                Thread.currentThread().interrupt();
                return ReadResult.failed("interrupted");
            }
            return super.answer(firstPage, destination, earlier);
        }
    }

    @Test
    void shouldNotInstallWhatABlockingSourceBringsAfterTheDiscard() throws Exception {
        GatedSource source = new GatedSource();
        try (DrivenMachine machine = new DrivenMachine(TestWorld.THREADS,
                spec -> spec.source(source).fetchTimeoutNanos(60_000_000_000L))) {
            CompletableFuture<AccessResult> read = machine.begin(0, 5, Access.READ);
            assertThat(source.entered.await(20, TimeUnit.SECONDS)).isTrue();

            machine.discard(5, 1);
            assertThat(machine.settle(read).failed()).isFalse();
            source.gate.countDown();
            machine.read(1, 6); // a fetch behind the one that came too late
            machine.write(1, 5);
            machine.read(2, 5);

            assertSound(machine.report());
        } finally {
            source.gate.countDown();
        }
    }

    @ParameterizedTest
    @MethodSource("memoriesInWorlds")
    void shouldFillPagesThatWereProtectedAfterTheyWereDiscarded(TestWorld world, Memory memory) {
        try (DrivenMachine machine = new DrivenMachine(world, memory::in)) {
            for (int page = 0; page < Memory.PAGES; page++) {
                machine.write(0, page);
            }
            machine.discard(0, Memory.PAGES);
            machine.writeProtect(0, Memory.PAGES);
            for (int page = 0; page < Memory.PAGES; page++) {
                machine.read((page + 1) % 8, page);
                machine.write(page % 8, page);
                machine.read((page + 2) % 8, page);
            }

            assertSound(machine.report());
        }
    }

    @ParameterizedTest
    @MethodSource("fetchedMemoriesInWorlds")
    void shouldPoisonPagesThatWereProtectedWhileAbsent(TestWorld world, Memory memory) {
        try (DrivenMachine machine = new DrivenMachine(world,
                spec -> memory.in(spec).fetchAttempts(1).sourceTiming(SourceTiming.INSTANT.withErrorRate(1)))) {
            machine.writeProtect(0, Memory.PAGES);
            for (int page = 0; page < Memory.PAGES; page++) {
                assertThat(machine.read(0, page).failed()).isTrue();
                assertThat(machine.write(0, page).failed()).isTrue();
            }

            assertThat(machine.report().brokenInvariants()).isEmpty();
            assertThat(machine.report().faults().poisoned()).isEqualTo(Memory.PAGES);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldGiveBackPoisonAsZeros(TestWorld world) {
        try (DrivenMachine machine = new DrivenMachine(world,
                spec -> spec.fetchAttempts(1).sourceTiming(SourceTiming.INSTANT.withErrorRate(1)))) {
            assertThat(machine.read(0, 9).failed()).isTrue();
            assertThat(machine.write(1, 9).failed()).isTrue();
            machine.discard(9, 1);

            assertThat(machine.write(1, 9).failed()).isFalse();
            assertThat(machine.read(0, 9).failed()).isFalse();
            assertThat(machine.report().brokenInvariants()).isEmpty();
            assertThat(machine.report().pages().verified()).isEqualTo(1);
        }
    }
}
