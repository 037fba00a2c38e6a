package io.faultline.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import io.faultline.memory.PageBuffer;
import io.faultline.memory.PageSize;
import io.faultline.registry.InvalidInputException;
import io.faultline.source.PageSource;
import io.faultline.source.PageSources;
import io.faultline.source.ReadResult;
import io.faultline.source.SourceShape;
import io.faultline.units.MemorySize;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MachineSpecTest {
    @Test
    void shouldHaveTheDefaultsOfTheMainJob() {
        MachineSpec spec = MachineSpec.builder().build();

        assertThat(spec.vcpus()).isEqualTo(4096);
        assertThat(spec.memory()).isEqualTo(MemorySize.gibibytes(1));
        assertThat(spec.pages()).isEqualTo(262_144);
        assertThat(spec.memslots()).isEqualTo(64);
        assertThat(spec.layout().pagesOf(63)).isEqualTo(4096);
        assertThat(spec.handlers()).isEqualTo(2);
        assertThat(spec.fetchers()).isEqualTo(2);
        assertThat(spec.inFlight()).isEqualTo(256);
        assertThat(spec.contents()).isEqualTo(PageContents.BYTES);
        assertThat(spec.backing()).isEqualTo(Backing.ANON);
        assertThat(spec.flushPolicy().name()).isEqualTo("strict");
        assertThat(spec.fetchTimeoutNanos()).isEqualTo(1_000_000_000);
        assertThat(spec.verify()).isTrue();
        assertThat(spec.oracle()).isEqualTo(OracleLevel.DEFAULT);
    }

    @Test
    void shouldFitUnsaidCountsToASmallMachine() {
        MachineSpec spec = MachineSpec.builder().memory(MemorySize.kibibytes(12)).inFlight(1).build();

        assertThat(spec.memslots()).isEqualTo(3);
        assertThat(spec.fetchers()).isEqualTo(1);
    }

    @Test
    void shouldChooseTheBackingThatTheFaultsNeed() {
        assertThat(MachineSpec.builder().minorFaults(true).build().backing()).isEqualTo(Backing.SHMEM);
        assertThat(MachineSpec.builder().pageSize(PageSize.SIZE_2M).build().backing()).isEqualTo(Backing.HUGETLB);
    }

    @Test
    void shouldLeaveAnOpenSourceOpenForItsOwner() {
        AtomicInteger closed = new AtomicInteger();
        PageSource own = new PageSource() {
            @Override
            public String name() {
                return "own";
            }

            @Override
            public ReadResult read(long firstPage, PageBuffer destination) {
                return ReadResult.ok(destination.pages());
            }

            @Override
            public boolean blocking() {
                return true;
            }

            @Override
            public void close() {
                closed.incrementAndGet();
            }
        };

        try (PageSource opened = MachineSpec.builder().source(own).build().openSource()) {
            assertThat(opened.name()).isEqualTo("own");
            assertThat(opened.blocking()).isTrue();
        }

        assertThat(closed).hasValue(0);
    }

    @Test
    void shouldOpenASourceForItsOwnMemoryAndSeed() {
        List<SourceShape> opened = new ArrayList<>();
        MachineSpec spec = MachineSpec.builder().memory(MemorySize.mebibytes(3)).seed(7).source(shape -> {
            opened.add(shape);
            return PageSources.zero();
        }).build();

        spec.openSource().close();

        assertThat(opened).containsExactly(new SourceShape(3 << 20, 7));
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                mistake(b -> b.vcpus(0), "vcpus must be at least 1, not 0"),
                mistake(b -> b.vcpus(-3), "vcpus must be at least 1, not -3"),
                mistake(b -> b.memslots(0), "memslots must be at least 1, not 0"),
                mistake(b -> b.memory(MemorySize.kibibytes(8)).memslots(3),
                        "memslots must be at most the memory's 2 pages of 4KiB, not 3"),
                mistake(b -> b.memory(new MemorySize(0)), "memory must be at least one page of 4KiB, not 0 bytes"),
                mistake(b -> b.memory(MemorySize.tebibytes(129)),
                        "memory must be at most 128TiB, what an address space holds, not 129TiB"),
                mistake(b -> b.memory(MemorySize.kibibytes(5)),
                        "memory must be a multiple of the page size 4KiB, not 5KiB: 4KiB or 8KiB would be"),
                mistake(b -> b.memory(MemorySize.kibibytes(5)).pageSize(PageSize.SIZE_2M),
                        "memory must be a multiple of the page size 2MiB, not 5KiB: 2MiB would be"),
                mistake(b -> b.handlers(0), "handlers must be at least 1, not 0"),
                mistake(b -> b.fetchers(0), "fetchers must be at least 1, not 0"),
                mistake(b -> b.inFlight(0), "in-flight pages must be at least 1, not 0"),
                mistake(b -> b.inFlight(3).fetchers(4),
                        "fetchers must be at most the 3 in-flight pages, since each needs one, not 4"),
                mistake(b -> b.tlbEntries(0), "TLB entries must be at least 1, not 0"),
                mistake(b -> b.tlbEntries(1 << 25), "TLB entries must be at most 16777216, not 33554432"),
                mistake(b -> b.fetchTimeoutNanos(0), "fetch timeout in nanoseconds must be at least 1, not 0"),
                mistake(b -> b.fetchAttempts(0), "fetch attempts must be at least 1, not 0"),
                mistake(b -> b.fetchBackoffNanos(-1), "fetch back-off in nanoseconds must be at least 0, not -1"),
                mistake(b -> b.backing(Backing.HUGETLB), "backing HUGETLB needs pages of 2MiB or 1GiB, not 4KiB"),
                mistake(b -> b.backing(Backing.SHMEM).pageSize(PageSize.SIZE_1G),
                        "backing SHMEM needs pages of 4KiB, not 1GiB"),
                mistake(b -> b.backing(Backing.ANON).minorFaults(true),
                        "minor faults need backing SHMEM or HUGETLB, not ANON, which has no page cache"));
    }

    private static Arguments mistake(UnaryOperator<MachineSpecBuilder> change, String message) {
        return Arguments.of(change, message);
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("mistakes")
    void shouldRefuseAMistakeInOneLineThatSaysWhatWouldBeRight(UnaryOperator<MachineSpecBuilder> change,
            String message) {
        MachineSpecBuilder builder = change.apply(MachineSpec.builder());

        assertThatExceptionOfType(InvalidInputException.class).isThrownBy(builder::build).withMessage(message);
    }
}
