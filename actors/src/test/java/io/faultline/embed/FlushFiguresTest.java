package io.faultline.embed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.faultline.machine.MachineSpec;
import io.faultline.machine.Report;
import io.faultline.units.MemorySize;
import org.junit.jupiter.api.Test;

class FlushFiguresTest {
    private static final int VCPUS = 8;

    @Test
    void shouldTellWhatInterruptsTookFromTheCpusOnThreads() throws InterruptedException {
        MachineSpec spec = MachineSpec.builder().vcpus(VCPUS).memory(MemorySize.mebibytes(1)).memslots(1).build();
        try (OpenMachine machine = World.threads().open(spec)) {
            CountDownLatch read = new CountDownLatch(VCPUS);
            for (int vcpu = 0; vcpu < VCPUS; vcpu++) {
                machine.access(vcpu, vcpu * 4096L, Access.READ, _ -> read.countDown());
            }
            assertThat(read.await(1, TimeUnit.MINUTES)).isTrue();
            CountDownLatch discarded = new CountDownLatch(1);
            machine.discard(0, VCPUS * 4096L, discarded::countDown);
            assertThat(discarded.await(1, TimeUnit.MINUTES)).isTrue();

            Report report = machine.report();

            assertThat(report.flush().ipis()).isEqualTo(VCPUS);
            assertThat(report.flush().victimStolenNanos().max()).isPositive();
            assertThat(report.flush().stalenessNanos().max()).isPositive();
        }
    }
}
