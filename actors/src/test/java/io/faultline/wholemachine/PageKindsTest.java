package io.faultline.wholemachine;

import static io.faultline.wholemachine.TestWorld.assertFlawless;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import io.faultline.machine.Backing;
import io.faultline.machine.MachineSpecBuilder;
import io.faultline.machine.PageContents;
import io.faultline.machine.Report;
import io.faultline.memory.PageSize;
import io.faultline.ring.ResolutionPolicies;
import io.faultline.source.PageSources;
import io.faultline.source.SourceTiming;
import io.faultline.units.MemorySize;
import io.faultline.workload.Workloads;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every page size on every backing it can have, resolved in every way a fault can be. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PageKindsTest {
    /** A memory of a few dozen pages. */
    enum Memory {
        ANON_4K(Backing.ANON, PageSize.SIZE_4K, PageContents.BYTES, MemorySize.kibibytes(256)),
        SHMEM_4K(Backing.SHMEM, PageSize.SIZE_4K, PageContents.BYTES, MemorySize.kibibytes(256)),
        ANON_4K_TOKENS(Backing.ANON, PageSize.SIZE_4K, PageContents.TOKENS, MemorySize.kibibytes(256)),
        ANON_2M(Backing.ANON, PageSize.SIZE_2M, PageContents.BYTES, MemorySize.mebibytes(6)),
        HUGETLB_2M(Backing.HUGETLB, PageSize.SIZE_2M, PageContents.BYTES, MemorySize.mebibytes(6)),
        HUGETLB_2M_TOKENS(Backing.HUGETLB, PageSize.SIZE_2M, PageContents.TOKENS, MemorySize.mebibytes(64)),
        HUGETLB_1G_TOKENS(Backing.HUGETLB, PageSize.SIZE_1G, PageContents.TOKENS, MemorySize.gibibytes(2));

        private final Backing backing;
        private final PageSize pageSize;
        private final PageContents contents;
        private final long bytes;

        Memory(Backing backing, PageSize pageSize, PageContents contents, MemorySize size) {
            this.backing = backing;
            this.pageSize = pageSize;
            this.contents = contents;
            this.bytes = size.bytes();
        }

        long pages() {
            return bytes / pageSize.bytes();
        }

        boolean hasPageCache() {
            return backing != Backing.ANON;
        }

        MachineSpecBuilder in(MachineSpecBuilder spec) {
            return spec.backing(backing)
                    .pageSize(pageSize)
                    .contents(contents)
                    .memory(new MemorySize(bytes))
                    .memslots(2)
                    .inFlight(4);
        }
    }

    private static Stream<Arguments> memoriesInWorlds() {
        return Stream.of(TestWorld.values())
                .flatMap(world -> Arrays.stream(Memory.values()).map(memory -> Arguments.of(world, memory)));
    }

    private static Stream<Arguments> cachedMemoriesInWorlds() {
        return memoriesInWorlds().filter(arguments -> ((Memory) arguments.get()[1]).hasPageCache());
    }

    /** Enough to meet every page, by a walk of every vCPU over its share. */
    private static Report walk(TestWorld world, Memory memory, UnaryOperator<MachineSpecBuilder> configure) {
        return world.run(spec -> configure.apply(memory.in(spec)),
                Workloads.strided(1).accesses(16 * memory.pages()).writeRatio(0.3));
    }

    @ParameterizedTest
    @MethodSource("memoriesInWorlds")
    void shouldFetchEveryPageOnce(TestWorld world, Memory memory) {
        Report report = walk(world, memory, spec -> spec);

        assertFlawless(report);
        assertThat(report.io().reads()).isEqualTo(memory.pages());
        assertThat(report.io().bytes()).isEqualTo(memory.bytes);
        assertThat(report.pages().installed()).isEqualTo(memory.pages());
        assertThat(report.faults().missing()).isEqualTo(memory.pages());
        assertThat(report.faults().minor()).isZero();
        assertThat(report.faults().writeProtect()).isZero();
    }

    @ParameterizedTest
    @MethodSource("cachedMemoriesInWorlds")
    void shouldContinueMinorFaultsWithoutAnyFetch(TestWorld world, Memory memory) {
        Report report = walk(world, memory, spec -> spec.minorFaults(true));

        assertFlawless(report);
        assertThat(report.io().reads()).isZero();
        assertThat(report.faults().missing()).isZero();
        assertThat(report.faults().minor()).isEqualTo(memory.pages());
        assertThat(report.pages().installed()).isEqualTo(memory.pages());
    }

    @ParameterizedTest
    @MethodSource("memoriesInWorlds")
    void shouldTakeFirstWritesRoundTheRingWhenPagesAreInstalledProtected(TestWorld world, Memory memory) {
        Report report = walk(world, memory, spec -> spec.writeProtectInstalls(true));

        assertFlawless(report);
        assertThat(report.faults().writeProtect()).isBetween(1L, memory.pages());
        assertThat(report.faults().missing()).isEqualTo(memory.pages());
        assertThat(report.io().reads()).isEqualTo(memory.pages());
        assertThat(report.pages().installed()).as("un-protecting installs nothing").isEqualTo(memory.pages());
    }

    @ParameterizedTest
    @MethodSource("cachedMemoriesInWorlds")
    void shouldProtectWhatItContinues(TestWorld world, Memory memory) {
        Report report = walk(world, memory, spec -> spec.minorFaults(true).writeProtectInstalls(true));

        assertFlawless(report);
        assertThat(report.io().reads()).isZero();
        assertThat(report.faults().minor()).isEqualTo(memory.pages());
        assertThat(report.faults().writeProtect()).isBetween(1L, memory.pages());
    }

    @ParameterizedTest
    @MethodSource("memoriesInWorlds")
    void shouldFillWithZerosWithoutAnyFetch(TestWorld world, Memory memory) {
        Report report = walk(world, memory,
                spec -> spec.resolutionPolicy(ResolutionPolicies.zeroFill()).source(PageSources.zero()));

        assertFlawless(report);
        assertThat(report.io().reads()).isZero();
        assertThat(report.pages().installed()).isEqualTo(memory.pages());
    }

    @ParameterizedTest
    @MethodSource("memoriesInWorlds")
    void shouldFetchAPrefetchWindowOnceAndFaultLess(TestWorld world, Memory memory) {
        Report report = world.run(
                spec -> memory.in(spec)
                        .vcpus(1)
                        .memslots(1)
                        .resolutionPolicy(ResolutionPolicies.prefetch(7))
                        .sourceTiming(SourceTiming.INSTANT.withLatencyNanos(10_000)),
                Workloads.sequential().accesses(2 * memory.pages()));

        assertFlawless(report);
        assertThat(report.io().reads()).as("each page once").isEqualTo(memory.pages());
        assertThat(report.pages().installed()).isEqualTo(memory.pages());
        assertThat(report.faults().missing()).as("faults a handler decided about").isLessThan(memory.pages());
        assertThat(report.io().inFlightPeak()).isGreaterThan(1);
    }
}
