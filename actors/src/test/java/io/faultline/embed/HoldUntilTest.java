package io.faultline.embed;

import static org.assertj.core.api.Assertions.assertThat;

import io.faultline.machine.MachineSpec;
import io.faultline.machine.MachineSpecBuilder;
import io.faultline.machine.Report;
import io.faultline.units.MemorySize;
import io.faultline.workload.Workloads;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class HoldUntilTest {
    private static final int VCPUS = 300;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldFetchNothingBeforeSoManyVcpusAreHalted(boolean virtual) {
        Report report = run(virtual, spec().holdUntilFaults(VCPUS));

        assertThat(report.faults().concurrentPeak()).isEqualTo(VCPUS);
        assertThat(report.faults().lost()).isZero();
        assertThat(report.brokenInvariants()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldGoOnWhenNoVcpuCanRunThoughFewerAreHaltedThanAskedFor(boolean virtual) {
        Report report = run(virtual, spec().holdUntilFaults(10L * VCPUS));

        assertThat(report.faults().concurrentPeak()).isEqualTo(VCPUS);
        assertThat(report.accesses().done()).isEqualTo(report.accesses().planned());
        assertThat(report.brokenInvariants()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldLetAMachineRunWhoseFirstFaultsAreEnough(boolean virtual) {
        Report report = run(virtual, spec().holdUntilFaults(1));

        assertThat(report.faults().lost()).isZero();
        assertThat(report.faults().concurrentPeak()).isPositive();
        assertThat(report.brokenInvariants()).isEmpty();
    }

    private static MachineSpecBuilder spec() {
        return MachineSpec.builder().vcpus(VCPUS).memslots(4).memory(MemorySize.mebibytes(4));
    }

    private static Report run(boolean virtual, MachineSpecBuilder spec) {
        World world = virtual ? World.virtual(3) : World.threads();
        return world.run(spec.build(), Workloads.sequential());
    }
}
