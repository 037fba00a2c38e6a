package io.faultline.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.faultline.embed.Access;
import io.faultline.embed.OpenMachine;
import io.faultline.embed.World;
import io.faultline.flush.FlushPolicies;
import io.faultline.flush.FlushPolicy;
import io.faultline.machine.MachineSpec;
import io.faultline.machine.OracleLevel;
import io.faultline.machine.Report;
import io.faultline.units.MemorySize;
import org.junit.jupiter.api.Test;

class OneAtATimeTest {
    private static final int VCPUS = 8;

    private static Report discardUnder(FlushPolicy policy) {
        MachineSpec machine = MachineSpec.builder()
                .vcpus(VCPUS)
                .memory(MemorySize.mebibytes(1))
                .memslots(1)
                .flushPolicy(policy)
                .oracle(OracleLevel.FULL)
                .build();
        try (OpenMachine open = World.virtual(1).open(machine)) {
            for (int vcpu = 0; vcpu < VCPUS; vcpu++) {
                open.access(vcpu, vcpu * 4096L, Access.WRITE, _ -> {});
            }
            open.runUntilIdle();
            open.discard(0, 64 * 4096L, () -> {});
            open.runUntilIdle();
            return open.report();
        }
    }

    @Test
    void shouldBeLoadedByTheNameOfItsClassAndHoldEveryInvariant() {
        Report own = discardUnder(FlushPolicies.parse("io.faultline.examples.OneAtATime"));
        Report strict = discardUnder(FlushPolicies.strict());

        assertThat(own.brokenInvariants()).isEmpty();
        assertThat(own.flush().policy()).isEqualTo("one-at-a-time");
        assertThat(own.flush().ipis()).as("all of them, if in turn").isEqualTo(strict.flush().ipis()).isPositive();
        assertThat(own.traceHash()).as("in another order").isNotEqualTo(strict.traceHash());
    }

    @Test
    void shouldFlushUnderWhatDelays() {
        Report ring = discardUnder(FlushPolicies.parse("ring:size=4+io.faultline.examples.OneAtATime"));

        assertThat(ring.brokenInvariants()).isEmpty();
        assertThat(ring.flush().policy()).isEqualTo("ring");
    }
}
