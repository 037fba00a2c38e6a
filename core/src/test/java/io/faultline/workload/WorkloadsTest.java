package io.faultline.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.LongStream;

import io.faultline.registry.Registration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WorkloadsTest {
    private static final List<String> ALL = List.of("sequential", "random", "strided:7", "zipf:1.1");

    /** One number per access: the page, doubled, plus one for a write. */
    private static long[] accesses(Workload workload, WorkloadShape shape, int vcpu) {
        AccessSequence sequence = workload.sequence(shape, vcpu);
        LongStream.Builder accesses = LongStream.builder();
        for (long left = sequence.remaining(); sequence.next(); left--) {
            assertThat(sequence.remaining()).isEqualTo(left - 1);
            assertThat(sequence.page()).isBetween(0L, shape.pages() - 1);
            accesses.add(sequence.page() * 2 + (sequence.write() ? 1 : 0));
        }
        return accesses.build().toArray();
    }

    private static long[] pages(Workload workload, WorkloadShape shape, int vcpu) {
        return Arrays.stream(accesses(workload, shape, vcpu)).map(access -> access / 2).toArray();
    }

    @Test
    void shouldListWhatCanBeCreatedUnderTheNameItAnswers() {
        assertThat(Workloads.registry().all()).extracting(Registration::name)
                .containsExactly("sequential", "random", "strided", "trace", "zipf");
        for (var registration : Workloads.registry().all()) {
            if (registration.name().equals("trace")) {
                continue; // It needs a file; see TraceWorkloadTest.
            }
            assertThat(Workloads.registry().create(registration.name()).name()).startsWith(registration.name());
        }
        for (String name : ALL) {
            assertThat(Workloads.registry().create(name).name()).isEqualTo(name);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sequential", "random", "strided:7", "zipf:1.1"})
    void shouldDependOnSeedAndVcpuOnly(String name) {
        var shape = new WorkloadShape(8, 1000, 8_000, 0.3, 42);
        long[] once = accesses(Workloads.registry().create(name), shape, 5);

        Workload other = Workloads.registry().create(name);
        accesses(other, new WorkloadShape(2, 77, 500, 0.9, 43), 1);
        AccessSequence neighbour = other.sequence(shape, 4);
        neighbour.next();

        assertThat(accesses(other, shape, 5)).as("seed 42, vCPU 5").isEqualTo(once).hasSize(1_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"random", "zipf:1.1"})
    void shouldDifferBetweenSeedsAndBetweenVcpus(String name) {
        Workload workload = Workloads.registry().create(name);
        long[] base = pages(workload, new WorkloadShape(8, 1_000_000, 800, 0.3, 1), 0);

        assertThat(pages(workload, new WorkloadShape(8, 1_000_000, 800, 0.3, 2), 0)).isNotEqualTo(base);
        assertThat(pages(workload, new WorkloadShape(8, 1_000_000, 800, 0.3, 1), 1)).isNotEqualTo(base);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sequential", "random", "strided:7", "zipf:1.1"})
    void shouldAccessTheSamePagesWhateverTheWriteRatio(String name) {
        Workload workload = Workloads.registry().create(name);
        var readOnly = new WorkloadShape(3, 500, 1_500, 0, 7);
        var writeOnly = new WorkloadShape(3, 500, 1_500, 1, 7);

        assertThat(pages(workload, readOnly, 1)).isEqualTo(pages(workload, writeOnly, 1));
        assertThat(Arrays.stream(accesses(workload, readOnly, 1))).allMatch(access -> access % 2 == 0);
        assertThat(Arrays.stream(accesses(workload, writeOnly, 1))).allMatch(access -> access % 2 == 1);
    }

    @ParameterizedTest
    @CsvSource({"0.3,1", "0.3,2", "0.01,3", "0.99,4"})
    void shouldWriteAsOftenAsTold(double writeRatio, long seed) {
        int accesses = 200_000;
        var shape = new WorkloadShape(4, 1_000, accesses, writeRatio, seed);
        long writes = 0;
        for (int vcpu = 0; vcpu < 4; vcpu++) {
            writes += Arrays.stream(accesses(Workloads.sequential(), shape, vcpu)).filter(a -> a % 2 == 1).count();
        }
        // Five standard deviations of the binomial distribution.
        double bound = 5 * Math.sqrt(accesses * writeRatio * (1 - writeRatio));
        assertThat((double) writes).as("seed %d", seed)
                .isBetween(accesses * writeRatio - bound,
                        accesses * writeRatio + bound);
    }

    @Test
    void shouldWalkItsOwnShareAndAgain() {
        var shape = new WorkloadShape(3, 10, 30, 0, 1);

        assertThat(pages(Workloads.sequential(), shape, 0)).containsExactly(0, 1, 2, 3, 0, 1, 2, 3, 0, 1);
        assertThat(pages(Workloads.sequential(), shape, 2)).containsExactly(7, 8, 9, 7, 8, 9, 7, 8, 9, 7);
    }

    @Test
    void shouldStrideThroughTheMemoryAndBeginTheNextRoundOnePageFurther() {
        assertThat(pages(Workloads.strided(4), new WorkloadShape(1, 10, 12, 0, 1), 0))
                .containsExactly(0, 4, 8, 2, 6, 1, 5, 9, 3, 7, 0, 4);
        assertThat(pages(Workloads.strided(10), new WorkloadShape(1, 3, 4, 0, 1), 0)).containsExactly(0, 1, 2, 0);
        assertThat(pages(Workloads.strided(9), new WorkloadShape(1, 3, 4, 0, 1), 0)).containsExactly(0, 1, 2, 0);
    }

    @Test
    void shouldStrideWithoutOverflowInTheLargestMemory() {
        long pages = 1L << 52;
        var shape = new WorkloadShape(2, pages, 4, 0, 1);

        assertThat(pages(Workloads.strided(pages - 1), shape, 1)).containsExactly(pages / 2, pages / 2 - 1);
    }

    @ParameterizedTest
    @CsvSource({"sequential,1,1", "sequential,3,10", "sequential,16,16", "sequential,40,16", "sequential,17,4099",
        "strided:1,3,10", "strided:4,3,10", "strided:64,7,4096", "strided:1000,40,16", "strided:6,4,9",
        "strided:9223372036854775807,5,1001"})
    void shouldMeetEveryPageWhenThereAreAsManyAccessesAsPages(String name, int vcpus, int pages) {
        for (long accesses : new long[]{pages, pages + 1, 3L * pages + 2}) {
            var shape = new WorkloadShape(vcpus, pages, accesses, 0, 1);
            var met = new BitSet(pages);
            for (int vcpu = 0; vcpu < vcpus; vcpu++) {
                Arrays.stream(pages(Workloads.registry().create(name), shape, vcpu)).forEach(p -> met.set((int) p));
            }
            assertThat(met.cardinality()).as("%d accesses", accesses).isEqualTo(pages);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldDrawEveryPageEquallyOftenWhenRandom(long seed) {
        int pages = 101;
        var counts = new long[pages];
        var shape = new WorkloadShape(4, pages, 400_000, 0, seed);
        for (int vcpu = 0; vcpu < 4; vcpu++) {
            Arrays.stream(pages(Workloads.random(), shape, vcpu)).forEach(page -> counts[(int) page]++);
        }
        var uniform = new double[pages];
        Arrays.fill(uniform, 1.0 / pages);
        assertThat(ChiSquare.deviations(counts, uniform)).as("seed %d", seed).isBetween(-4.5, 4.5);
    }
}
