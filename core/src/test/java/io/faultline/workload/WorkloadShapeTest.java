package io.faultline.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.faultline.registry.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkloadShapeTest {
    @Test
    void shouldDealOneMoreToTheFirstWhenItDoesNotDivide() {
        var shape = new WorkloadShape(4, 10, 11, 0, 1);

        assertThat(new long[]{shape.accessesOf(0), shape.accessesOf(1), shape.accessesOf(2), shape.accessesOf(3)})
                .containsExactly(3, 3, 3, 2);
        assertThat(new long[]{shape.firstPageOf(0), shape.firstPageOf(1), shape.firstPageOf(2), shape.firstPageOf(3)})
                .containsExactly(0, 3, 6, 8);
        assertThat(shape.pagesOf(1)).isEqualTo(3);
        assertThat(shape.pagesOf(3)).isEqualTo(2);
    }

    @Test
    void shouldLetVcpusBeyondTheLastPageShareOne() {
        var shape = new WorkloadShape(7, 3, 7, 0, 1);

        assertThat(shape.firstPageOf(2)).isEqualTo(2);
        assertThat(shape.firstPageOf(3)).isZero();
        assertThat(shape.firstPageOf(5)).isEqualTo(2);
        assertThat(shape.pagesOf(6)).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"1,1,0", "4096,262144,1048576", "7,100,3", "1000000,10,999", "2147483647,4,4294967295"})
    void shouldDealEveryAccess(int vcpus, long pages, long accesses) {
        var shape = new WorkloadShape(vcpus, pages, accesses, 0, 1);
        long most = shape.accessesOf(0);
        long least = shape.accessesOf(vcpus - 1);
        long withMost = accesses % vcpus;

        assertThat(most - least).isBetween(0L, 1L);
        assertThat(withMost == 0 ? least * vcpus : most * withMost + least * (vcpus - withMost)).isEqualTo(accesses);
    }

    @Test
    void shouldTakeDefaultsForWhatTheWorkloadLeavesOpen() {
        assertThat(WorkloadShape.of(Workloads.random(), 2, 100, 9))
                .isEqualTo(new WorkloadShape(2, 100, 400, WorkloadShape.DEFAULT_WRITE_RATIO, 9));
        assertThat(WorkloadShape.of(Workloads.zipf(1.1).accesses(5).writeRatio(1).accesses(7), 2, 100, 9))
                .isEqualTo(new WorkloadShape(2, 100, 7, 1, 9));
    }

    @Test
    void shouldRefuseNumbersOutOfRange() {
        assertInvalid(() -> new WorkloadShape(0, 1, 1, 0, 1), "vCPUs must be at least 1, not 0");
        assertInvalid(() -> new WorkloadShape(1, 0, 1, 0, 1), "pages must be at least 1, not 0");
        assertInvalid(() -> new WorkloadShape(1, 1, -1, 0, 1), "accesses must be at least 0, not -1");
        assertInvalid(() -> new WorkloadShape(1, 1, 1, 1.1, 1), "write ratio must be from 0 to 1, not 1.1");
        assertInvalid(() -> new WorkloadShape(1, 1, 1, Double.NaN, 1), "write ratio must be from 0 to 1, not NaN");
        assertInvalid(() -> Workloads.random().accesses(-5), "accesses must be at least 0, not -5");
        assertInvalid(() -> Workloads.random().accesses(5).writeRatio(-1), "from 0 to 1, not -1.0");
        assertInvalid(() -> Workloads.strided(0), "stride must be at least 1 page, not 0");
        assertInvalid(() -> Workloads.zipf(0), "more than 0 and at most 100.0, not 0.0");
        assertInvalid(() -> Workloads.registry().create("zipf:x"), "s must be a number, not \"x\"");
    }

    private static void assertInvalid(Runnable action, String message) {
        assertThatExceptionOfType(InvalidInputException.class).isThrownBy(action::run).withMessageContaining(message);
    }
}
