package io.faultline.wholemachine;

import static io.faultline.wholemachine.TestWorld.assertFlawless;
import static io.faultline.wholemachine.TestWorld.assertSound;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.faultline.machine.Report;
import io.faultline.machine.RunProgress;
import io.faultline.ring.Resolution;
import io.faultline.ring.ResolutionPolicies;
import io.faultline.ring.ResolutionPolicy;
import io.faultline.source.SourceTiming;
import io.faultline.userfault.FaultKind;
import io.faultline.workload.AccessSequence;
import io.faultline.workload.Workload;
import io.faultline.workload.WorkloadShape;
import io.faultline.workload.Workloads;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Crashes provoked through what users supply: what can be replaced is, the rest ends the run with an error. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CrashTest {
    private static final Workload WALK = Workloads.random().accesses(4000).writeRatio(0.3);

    /** Throws whenever so many decisions were made since it last threw. */
    private static final class CrashingPolicy implements ResolutionPolicy {
        private final ResolutionPolicy sound = ResolutionPolicies.prefetch(2);
        private final int every;
        private final int mostCrashes;
        private final AtomicInteger decisions = new AtomicInteger();
        private final AtomicInteger crashes = new AtomicInteger();

        CrashingPolicy(int every, int mostCrashes) {
            this.every = every;
            this.mostCrashes = mostCrashes;
        }

        @Override
        public String name() {
            return "crashing every " + every;
        }

        @Override
        public Resolution decide(FaultKind kind, long page, boolean write, boolean removed) {
            if (decisions.incrementAndGet() % every == 0 && crashes.incrementAndGet() <= mostCrashes) {
                throw new IllegalStateException("provoked crash " + crashes.get() + " on page " + page);
            }
            return sound.decide(kind, page, write, removed);
        }

        @Override
        public int prefetchPages() {
            return sound.prefetchPages();
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldLoseNothingWhenAHandlerCrashes(TestWorld world) {
        Report report = world.run(spec -> spec.handlers(1).resolutionPolicy(new CrashingPolicy(20, 1)), WALK);

        assertSound(report);
        assertThat(report.faults().failed()).as("a handler's crash costs no access").isZero();
        assertThat(report.faults().poisoned()).isZero();
        assertThat(report.pages().installed()).isEqualTo(256);
    }

    @ParameterizedTest
    @EnumSource
    void shouldLoseNothingWhenHandlersCrashAgainAndAgainWithReadsUnderWay(TestWorld world) {
        List<CrashingPolicy> used = new ArrayList<>();
        Report report = world.run(spec -> {
            used.add(new CrashingPolicy(37, 25));
            return spec.vcpus(64)
                    .handlers(3)
                    .fetchers(2)
                    .inFlight(5)
                    .resolutionPolicy(used.getLast())
                    .writeProtectInstalls(true)
                    .sourceTiming(SourceTiming.INSTANT.withLatencyNanos(30_000));
        }, WALK);

        assertSound(report);
        assertThat(used.getFirst().crashes.get()).isGreaterThanOrEqualTo(10);
        assertThat(report.faults().failed()).isZero();
        assertThat(report.faults().retried()).isPositive();
        assertThat(report.pages().installed()).isEqualTo(256);
    }

    private record ThrowingWorkload(boolean atStart) implements Workload {
        @Override
        public String name() {
            return "throwing";
        }

        @Override
        public AccessSequence sequence(WorkloadShape shape, int vcpu) {
            if (atStart && vcpu == 5) {
                throw new IllegalStateException("no sequence for vCPU 5");
            }
            return new AccessSequence() {
                @Override
                public boolean next() {
                    if (vcpu == 5) {
                        throw new IllegalStateException("no access for vCPU 5");
                    }
                    return false;
                }

                @Override
                public long page() {
                    return 0;
                }

                @Override
                public boolean write() {
                    return false;
                }

                @Override
                public long remaining() {
                    return 0;
                }
            };
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldEndTheRunWithTheErrorOfAWorkloadThatCannotStart(TestWorld world) {
        assertThatThrownBy(() -> world.run(spec -> spec, new ThrowingWorkload(true)))
                .hasStackTraceContaining("no sequence for vCPU 5");
    }

    @ParameterizedTest
    @EnumSource
    void shouldEndTheRunWithTheErrorOfAVcpuThatDied(TestWorld world) {
        assertThatThrownBy(() -> world.run(spec -> spec, new ThrowingWorkload(false)))
                .isInstanceOf(IllegalStateException.class)
                .hasStackTraceContaining("vCPU 5");
    }

    @ParameterizedTest
    @EnumSource
    void shouldNotHangWhenTheListenerThrows(TestWorld world) {
        RunProgress throwing = (_, _, _, _) -> {
            throw new IllegalStateException("thrown by a listener");
        };

        assertThatThrownBy(() -> world.run(spec -> spec, Workloads.random().accesses(Long.MAX_VALUE / 2), throwing))
                .hasStackTraceContaining("thrown by a listener");
    }

    @ParameterizedTest
    @EnumSource
    void shouldServeTheNextRunAfterOneThatFailed(TestWorld world) {
        assertThatThrownBy(() -> world.run(spec -> spec, new ThrowingWorkload(false)))
                .isInstanceOf(IllegalStateException.class);

        assertFlawless(world.run(spec -> spec, WALK));
    }
}
