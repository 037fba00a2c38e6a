package io.faultline.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

import io.faultline.memory.PageSize;
import io.faultline.registry.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TraceWorkloadTest {
    /** Shipped with Faultline; traces/README.md has the figures. */
    private static final Path SORT = Path.of(System.getProperty("basedir", "."))
            .resolveSibling("traces")
            .resolve("sort.lackey.gz");

    @TempDir
    private Path folder;

    private Workload small() throws IOException {
        return Workloads.trace(Files.writeString(folder.resolve("t"), " L 7000,4\n S 3000,4\n L 7004,4\n"));
    }

    private static List<String> accesses(Workload workload, WorkloadShape shape, int vcpu) {
        var accesses = new ArrayList<String>();
        AccessSequence sequence = workload.sequence(shape, vcpu);
        for (long left = sequence.remaining(); sequence.next(); left--) {
            assertThat(sequence.remaining()).isEqualTo(left - 1);
            accesses.add(sequence.page() + (sequence.write() ? "w" : "r"));
        }
        assertThat(sequence.next()).isFalse();
        return accesses;
    }

    @Test
    void shouldReplayTheWholeTraceOnEveryVcpuUnlessTold() throws IOException {
        Workload workload = small();
        WorkloadShape shape = WorkloadShape.of(workload, 3, 2, 1);

        assertThat(shape.accesses()).isEqualTo(9);
        for (int vcpu = 0; vcpu < 3; vcpu++) {
            assertThat(accesses(workload, shape, vcpu)).as("vCPU %d", vcpu).containsExactly("0r", "1w", "0r");
        }
    }

    @Test
    void shouldDealTheAccessesToldAndRepeatTheTrace() throws IOException {
        Workload workload = small().accesses(12);
        WorkloadShape shape = WorkloadShape.of(workload, 5, 100, 1);

        assertThat(accesses(workload, shape, 0)).containsExactly("0r", "1w", "0r");
        assertThat(accesses(workload, shape, 1)).containsExactly("0r", "1w", "0r");
        assertThat(accesses(workload, shape, 4)).containsExactly("0r", "1w");
        WorkloadShape more = WorkloadShape.of(small().accesses(7), 1, 100, 1);
        assertThat(accesses(small(), more, 0)).containsExactly("0r", "1w", "0r", "0r", "1w", "0r", "0r");
    }

    @Test
    void shouldWriteWhatTheProgramWroteWhateverTheWriteRatio() throws IOException {
        Workload workload = small().writeRatio(1);
        WorkloadShape shape = WorkloadShape.of(workload, 1, 100, 1);

        assertThat(accesses(workload, shape, 0)).containsExactly("0r", "1w", "0r");
        assertThat(shape.writeRatio()).isEqualTo(1.0 / 3);
        assertThatExceptionOfType(InvalidInputException.class).isThrownBy(() -> small().writeRatio(2));
    }

    @Test
    void shouldRefuseAMemoryOfFewerPagesBeforeAnyWork() throws IOException {
        Workload workload = small();
        Workload configured = new ConfiguredWorkload(workload, workload.accesses(), workload.writeRatio());
        for (Workload any : List.of(workload, configured)) {
            assertThatExceptionOfType(InvalidInputException.class)
                    .isThrownBy(() -> WorkloadShape.of(any, 1, 1, 1))
                    .withMessage(workload.name() + " touches 2 different pages, more than the memory's 1: "
                            + "give more memory");
        }
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> workload.sequence(new WorkloadShape(1, 1, 4, 0, 1), 0));
        assertThat(WorkloadShape.of(configured, 2, 2, 1).accesses()).isEqualTo(6);
    }

    @Test
    void shouldBeChosenByNameWithItsFile() throws IOException {
        String name = small().name();
        assertThat(name).isEqualTo("trace:" + folder.resolve("t"));
        assertThat(Workloads.registry().create(name)).extracting(Workload::name).isEqualTo(name);
        Workload large = Workloads.registry().create(name + ",page=2MiB");
        assertThat(large.name()).isEqualTo(name + ",page=2MiB");
        assertThat(accesses(large, WorkloadShape.of(large, 1, 1, 1), 0)).containsExactly("0r", "0w", "0r");
    }

    @Test
    void shouldRefuseWhatItCannotRead() throws IOException {
        assertInvalid("trace", "file is missing: write trace:file=FILE");
        assertInvalid("trace:" + folder.resolve("none"), "none does not exist");
        assertInvalid("trace:a\u0000b", "is no path");
        assertInvalid(small().name() + ",page=3MiB", "page size '3MiB' is none of 4KiB, 2MiB, 1GiB");
    }

    private static void assertInvalid(String text, String message) {
        assertThatExceptionOfType(InvalidInputException.class).isThrownBy(() -> Workloads.registry().create(text))
                .withMessageContaining(message);
    }

    @Test
    void shouldReplayTheShippedTraceOfARealProgram() {
        Workload workload = Workloads.trace(SORT);
        WorkloadShape shape = WorkloadShape.of(workload, 2, 208, 1);
        assertThat(shape.accesses()).isEqualTo(2 * 448_639);
        AccessSequence sequence = workload.sequence(shape, 1);
        var touched = new BitSet();
        int accesses = 0;
        int writes = 0;
        while (sequence.next()) {
            long page = sequence.page();
            assertThat(page).as("access %d is to a page touched before, or the next", accesses)
                    .isLessThanOrEqualTo(touched.cardinality());
            touched.set((int) page);
            accesses++;
            writes += sequence.write() ? 1 : 0;
        }
        assertThat(accesses).isEqualTo(448_639);
        assertThat(writes).isEqualTo(41_401);
        assertThat(touched.cardinality()).isEqualTo(208);
        assertThat(WorkloadShape.of(Workloads.trace(SORT, PageSize.SIZE_2M), 1, 6, 1).pages()).isEqualTo(6);
    }
}
