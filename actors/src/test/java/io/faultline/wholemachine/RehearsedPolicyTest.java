package io.faultline.wholemachine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

import io.faultline.chaos.ChaosSpec;
import io.faultline.cost.CostProfiles;
import io.faultline.embed.World;
import io.faultline.flush.FlushPolicies;
import io.faultline.machine.MachineListener;
import io.faultline.machine.MachineSpecBuilder;
import io.faultline.machine.Report;
import io.faultline.machine.ResolveBy;
import io.faultline.registry.InvalidInputException;
import io.faultline.workload.Workload;
import io.faultline.workload.Workloads;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A policy that has to know what is to come, in machines that can be run twice and in those that cannot. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RehearsedPolicyTest {
    private static final String CHAOS = "fetch-error:0.02,short-read:0.02,store-error:0.02,handler-crash:0.002,"
            + "fetcher-crash:0.005,memslot-crash:0.002";

    private static MachineSpecBuilder crowded(MachineSpecBuilder spec, String policy) {
        return spec.vcpus(64)
                .cpus(32)
                .evictAbovePercent(60)
                .resolveBy(ResolveBy.MOVE)
                .costs(CostProfiles.of("guest-80vcpu"))
                .flushPolicy(FlushPolicies.parse(policy));
    }

    private static Workload someAccesses() {
        return Workloads.random().accesses(4_000).writeRatio(0.5);
    }

    static Stream<String> bounds() {
        return Stream.of("clairvoyant", "clairvoyant:staleness=10us,sweep=ticks", "clairvoyant:staleness=0ns",
                "clairvoyant:staleness=100us,ahead=no");
    }

    @ParameterizedTest
    @MethodSource("bounds")
    void shouldLoseNothingWith64VcpusOn32Cpus(String policy) {
        Report report = TestWorld.VIRTUAL.run(spec -> crowded(spec, policy), someAccesses());

        TestWorld.assertSound(report);
        assertThat(report.pages().evicted()).isPositive();
        assertThat(report.flush().policy()).isEqualTo("clairvoyant");
    }

    @ParameterizedTest
    @MethodSource("bounds")
    void shouldLoseNothingWhereActorsCrash(String policy) {
        for (ResolveBy resolveBy : ResolveBy.values()) {
            TestWorld.assertSound(TestWorld.VIRTUAL.run(spec -> spec.evictAbovePercent(50)
                    .resolveBy(resolveBy)
                    .chaos(ChaosSpec.parse(CHAOS))
                    .flushPolicy(FlushPolicies.parse(policy)), someAccesses()));
        }
    }

    @Test
    void shouldSendFewerInterruptsThanWhoeverDoesNotKnow() {
        Report bound = TestWorld.VIRTUAL.run(spec -> crowded(spec, "clairvoyant"), someAccesses());

        for (String policy : new String[]{"strict", "lazy", "paravirt+lazy", "access-tracking", "flush-queue+lazy"}) {
            Report other = TestWorld.VIRTUAL.run(spec -> crowded(spec, policy), someAccesses());
            assertThat(bound.flush().ipis()).as("beside %s", policy).isLessThanOrEqualTo(other.flush().ipis());
        }
    }

    @Test
    void shouldLetNobodyHearTheRehearsal() {
        var raised = new AtomicLong();
        Report report = TestWorld.VIRTUAL.world()
                .run(TestWorld.VIRTUAL.spec(spec -> spec.flushPolicy(FlushPolicies.parse("clairvoyant"))
                        .evictAbovePercent(50)
                        .listener(new MachineListener() {
                            @Override
                            public void faultRaised(long nanos, int vcpu, long page, boolean write) {
                                raised.incrementAndGet();
                            }
                        })), someAccesses());

        assertThat(raised.get()).isEqualTo(report.faults().raised());
    }

    @Test
    void shouldBeRefusedWhereARunCannotBeRepeated() {
        var spec = TestWorld.THREADS.spec(builder -> builder.flushPolicy(FlushPolicies.parse("clairvoyant")));

        assertThatThrownBy(() -> World.threads().run(spec, someAccesses())).isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("clairvoyant has to run a seed twice");
        assertThatThrownBy(() -> World.virtual(1).open(spec)).isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("clairvoyant has to run a seed twice");
    }
}
