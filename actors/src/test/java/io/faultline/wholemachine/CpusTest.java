package io.faultline.wholemachine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.faultline.cost.Cost;
import io.faultline.cost.CostProfiles;
import io.faultline.cost.Operation;
import io.faultline.cost.SourceTag;
import io.faultline.flush.FlushPolicies;
import io.faultline.machine.MachineSpecBuilder;
import io.faultline.machine.Report;
import io.faultline.machine.ResolveBy;
import io.faultline.units.MemorySize;
import io.faultline.workload.Workload;
import io.faultline.workload.Workloads;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the CPUs of a machine do, as flush policies see it: they run, idle, tick and leave. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CpusTest {
    private static MachineSpecBuilder evicting(MachineSpecBuilder spec, String policy) {
        return spec.vcpus(16).evictAbovePercent(60).flushPolicy(FlushPolicies.parse(policy));
    }

    private static Workload someAccesses() {
        return Workloads.random().accesses(6_000).writeRatio(0.5);
    }

    static Stream<Arguments> policiesThatHearOfIdleness() {
        return Stream.of("lazy", "latr", "ring:size=8+latr", "lazy+paravirt", "broadcast")
                .flatMap(policy -> Arrays.stream(TestWorld.values()).map(world -> Arguments.of(world, policy)));
    }

    @ParameterizedTest
    @MethodSource("policiesThatHearOfIdleness")
    void shouldLoseNothingWhileCpusIdleAndTick(TestWorld world, String policy) {
        Report report = world.run(spec -> evicting(spec, policy).resolveBy(ResolveBy.MOVE), someAccesses());

        TestWorld.assertSound(report);
        assertThat(report.pages().evicted()).isPositive();
    }

    /** With costs the clock moves while CPUs run, so they tick. */
    @ParameterizedTest
    @MethodSource("policiesThatHearOfIdleness")
    void shouldLoseNothingWhereOperationsTakeTime(TestWorld world, String policy) {
        Report report = world.run(spec -> evicting(spec, policy).costs(CostProfiles.of("guest-80vcpu")),
                someAccesses());

        TestWorld.assertSound(report);
        assertThat(report.pages().evicted()).isPositive();
    }

    private static Report timed(String policy) {
        return TestWorld.VIRTUAL.run(spec -> evicting(spec, policy).costs(CostProfiles.of("guest-80vcpu")),
                someAccesses());
    }

    private static double ipisPerRequest(Report report) {
        return (double) report.flush().ipis() / report.flush().requests();
    }

    @Test
    void shouldSpareIdleCpusUnderLazy() {
        Report strict = timed("strict");
        Report lazy = timed("lazy");

        assertThat(lazy.flush().requests()).isPositive();
        assertThat(ipisPerRequest(lazy)).isLessThan(ipisPerRequest(strict) / 2);
    }

    private static final Cost SLOW_ACCESS = new Cost(2_000, 0, "so that a slice has few", EnumSet.of(SourceTag.I));
    private static final String[] POLICIES = {"strict", "concurrent", "reclaim-batch", "lazy", "broadcast", "paravirt",
        "latr", "access-tracking", "early-ack", "luf", "flush-queue", "per-call", "pipelined", "ring:size=16"};

    static Stream<Arguments> everyPolicy() {
        return Arrays.stream(POLICIES)
                .flatMap(policy -> Arrays.stream(TestWorld.values()).map(world -> Arguments.of(world, policy)));
    }

    private static MachineSpecBuilder crowded(MachineSpecBuilder spec, String policy) {
        return spec.vcpus(64)
                .cpus(32)
                .memory(MemorySize.kibibytes(512))
                .evictAbovePercent(60)
                .resolveBy(ResolveBy.MOVE)
                .costs(CostProfiles.of("guest-80vcpu"))
                .flushPolicy(FlushPolicies.parse(policy));
    }

    @ParameterizedTest
    @MethodSource("everyPolicy")
    void shouldLoseNothingWith64VcpusOn32Cpus(TestWorld world, String policy) {
        Report report = world.run(spec -> crowded(spec, policy), Workloads.random().accesses(4_000).writeRatio(0.5));

        TestWorld.assertSound(report);
        assertThat(report.pages().evicted()).isPositive();
    }

    /** Without costs nothing takes time, and vCPUs take turns at their faults alone. */
    @ParameterizedTest
    @EnumSource(TestWorld.class)
    void shouldRunManyVcpusOnOneCpu(TestWorld world) {
        Report report = world.run(spec -> spec.vcpus(20).cpus(1).evictAbovePercent(50), someAccesses());

        TestWorld.assertSound(report);
    }

    /** Accesses so slow that slices end, and nobody yields but because it must. */
    private static Report busy(String policy) {
        return TestWorld.VIRTUAL.run(
                spec -> spec.vcpus(8)
                        .cpus(2)
                        .memory(MemorySize.kibibytes(512))
                        .evictAbovePercent(90)
                        .costs(CostProfiles.of("guest-80vcpu").with(Operation.ACCESS, SLOW_ACCESS))
                        .flushPolicy(FlushPolicies.parse(policy)),
                Workloads.zipf(1.6).accesses(100_000).writeRatio(0.3));
    }

    @Test
    void shouldNeitherInterruptNorWaitForPreemptedCpusUnderParavirt() {
        Report strict = busy("strict");
        Report paravirt = busy("paravirt");

        assertThat(strict.flush().requests()).isPositive();
        assertThat(paravirt.flush().requests()).isPositive();
        assertThat(ipisPerRequest(paravirt)).isLessThan(ipisPerRequest(strict));
        assertThat(paravirt.flush().initiatorStallNanos().mean())
                .isLessThan(strict.flush().initiatorStallNanos().mean() / 2);
    }
}
