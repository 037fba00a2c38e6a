package io.faultline.wholemachine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

import io.faultline.chaos.ChaosSpec;
import io.faultline.embed.Access;
import io.faultline.machine.MachineListener;
import io.faultline.machine.Report;
import io.faultline.ring.Resolution;
import io.faultline.source.SourceTiming;
import io.faultline.workload.Workloads;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who listens to a machine hears of everything that the report counts, once. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MachineListenerTest {
    /** Counts; on threads called by several at once. */
    private static final class Counting implements MachineListener {
        private final AtomicLong began = new AtomicLong();
        private final AtomicLong idle = new AtomicLong();
        private final AtomicLong raised = new AtomicLong();
        private final AtomicLong resolved = new AtomicLong();
        private final AtomicLong reads = new AtomicLong();
        private final AtomicLong ended = new AtomicLong();
        private final AtomicLong inFlight = new AtomicLong();
        private final AtomicLong inFlightMost = new AtomicLong();
        private final AtomicLong installed = new AtomicLong();
        private final AtomicLong requested = new AtomicLong();
        private final AtomicLong completed = new AtomicLong();
        private final AtomicLong released = new AtomicLong();
        private final AtomicLong sent = new AtomicLong();
        private final AtomicLong taken = new AtomicLong();
        /** By vCPU: 1 while it is halted. */
        private final AtomicLongArray halted = new AtomicLongArray(8);

        @Override
        public void vcpuBegan(long nanos, int vcpu) {
            began.incrementAndGet();
        }

        @Override
        public void vcpuIdle(long nanos, int vcpu) {
            idle.incrementAndGet();
        }

        @Override
        public void faultRaised(long nanos, int vcpu, long page, boolean write) {
            raised.incrementAndGet();
            halted.incrementAndGet(vcpu);
        }

        @Override
        public void faultResolved(long nanos, int vcpu, long page, boolean failed) {
            resolved.incrementAndGet();
            halted.decrementAndGet(vcpu);
        }

        @Override
        public void fetchBegan(long nanos, int fetcher, long page) {
            reads.incrementAndGet();
        }

        @Override
        public void fetchEnded(long nanos, int fetcher, long page, boolean failed) {
            ended.incrementAndGet();
        }

        @Override
        public void inFlightChanged(long nanos, int fetcher, int change) {
            long now = inFlight.addAndGet(change);
            inFlightMost.accumulateAndGet(now, Math::max);
        }

        @Override
        public void installed(long nanos, int memslot, Resolution resolution, long firstPage, int pages) {
            installed.addAndGet(pages);
        }

        @Override
        public void flushRequested(long nanos, long request, long startGpa, long endGpa) {
            requested.incrementAndGet();
        }

        @Override
        public void flushCompleted(long nanos, long request) {
            completed.incrementAndGet();
        }

        @Override
        public void flushReleased(long nanos, long request) {
            released.incrementAndGet();
        }

        @Override
        public void ipiSent(long nanos, int cpu, long ticket) {
            sent.incrementAndGet();
        }

        @Override
        public void ipiTaken(long nanos, int cpu, int commands) {
            taken.incrementAndGet();
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldHearOfEverythingOnce(TestWorld world) {
        Counting heard = new Counting();
        Report report = world.world()
                .run(world.spec(spec -> spec.listener(heard).evictAbovePercent(50)),
                        Workloads.random().accesses(4_000).writeRatio(0.5));

        TestWorld.assertSound(report);
        assertThat(heard.began).hasValue(heard.halted.length());
        assertThat(heard.idle).as("every access was made").hasValue(heard.halted.length());
        assertThat(heard.raised).hasValue(report.faults().raised());
        assertThat(heard.resolved).hasValue(report.faults().raised());
        assertThat(heard.reads).hasValue(report.io().reads());
        assertThat(heard.ended).hasValue(report.io().reads());
        assertThat(heard.inFlight).as("in flight at the end").hasValue(0);
        assertThat(heard.inFlightMost.get()).isPositive().isLessThanOrEqualTo(report.io().inFlightLimit());
        assertThat(heard.installed.get()).isGreaterThanOrEqualTo(report.pages().installed());
        // Evictions go on while the report is made.
        assertThat(heard.requested.get()).isGreaterThanOrEqualTo(report.flush().requests()).isPositive();
        assertThat(heard.sent.get()).isGreaterThanOrEqualTo(report.flush().ipis()).isPositive();
        for (int vcpu = 0; vcpu < heard.halted.length(); vcpu++) {
            assertThat(heard.halted.get(vcpu)).as("vCPU %d", vcpu).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldHearOfEveryFlushAndInterrupt(TestWorld world) {
        Counting heard = new Counting();
        try (DrivenMachine machine = new DrivenMachine(world, spec -> spec.listener(heard))) {
            for (int page = 0; page < 4; page++) {
                machine.read(page, 64L * page);
                machine.discard(64L * page, 1);
            }
            machine.writeProtect(0, 256);
            Report report = machine.report();
            assertThat(heard.requested).hasValue(report.flush().requests()).hasPositiveValue();
            assertThat(heard.completed).hasValue(report.flush().requests());
            assertThat(heard.released).hasValue(report.flush().requests());
            assertThat(heard.sent).hasValue(report.flush().ipis()).hasPositiveValue();
            assertThat(heard.taken).hasValue(report.flush().ipis());
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldHearThatAFaultFailed(TestWorld world) {
        List<String> heard = Collections.synchronizedList(new ArrayList<>());
        MachineListener listener = new MachineListener() {
            @Override
            public void fetchEnded(long nanos, int fetcher, long page, boolean failed) {
                heard.add("fetch " + (failed ? "failed" : "brought it"));
            }

            @Override
            public void installed(long nanos, int memslot, Resolution resolution, long firstPage, int pages) {
                heard.add(resolution.toString());
            }
        };
        try (DrivenMachine machine = new DrivenMachine(world, spec -> spec.listener(listener)
                .fetchAttempts(2)
                .chaos(ChaosSpec.parse("fetch-error:1")))) {
            assertThat(machine.read(0, 1).failed()).isTrue();
        }
        assertThat(heard).containsExactly("fetch failed", "fetch failed", "POISON");
    }

    @Test
    void shouldTellTheInstantsOfVirtualTime() {
        List<String> heard = new ArrayList<>();
        MachineListener listener = new MachineListener() {
            @Override
            public void faultRaised(long nanos, int vcpu, long page, boolean write) {
                heard.add("raised " + nanos + " vcpu " + vcpu + " page " + page + " write " + write);
            }

            @Override
            public void fetchBegan(long nanos, int fetcher, long page) {
                heard.add("fetch " + nanos);
            }

            @Override
            public void fetchEnded(long nanos, int fetcher, long page, boolean failed) {
                heard.add("fetched " + nanos);
            }

            @Override
            public void faultResolved(long nanos, int vcpu, long page, boolean failed) {
                heard.add("resolved " + nanos + " vcpu " + vcpu + " page " + page + " failed " + failed);
            }
        };
        try (DrivenMachine machine = new DrivenMachine(TestWorld.VIRTUAL, spec -> spec.listener(listener)
                .sourceTiming(SourceTiming.INSTANT.withLatencyNanos(70_000)))) {
            machine.machine().advanceTo(5_000);
            machine.settle(machine.begin(3, 9, Access.WRITE));
        }
        assertThat(heard).containsExactly("raised 5000 vcpu 3 page 9 write true", "fetch 5000", "fetched 75000",
                "resolved 75000 vcpu 3 page 9 failed false");
    }
}
