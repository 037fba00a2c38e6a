package io.faultline.wholemachine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.faultline.flush.CpuPart;
import io.faultline.flush.CpuPort;
import io.faultline.flush.FlushContract;
import io.faultline.flush.FlushDomain;
import io.faultline.flush.FlushPolicies;
import io.faultline.flush.FlushPolicy;
import io.faultline.flush.FlushRequest;
import io.faultline.flush.ForwardingInitiator;
import io.faultline.flush.HostDuty;
import io.faultline.flush.Initiator;
import io.faultline.flush.InitiatorPort;
import io.faultline.flush.RehearsedPolicy;
import io.faultline.machine.Report;
import io.faultline.machine.ResolveBy;
import io.faultline.registry.Registration;
import io.faultline.wholemachine.DiscardTest.Memory;
import io.faultline.workload.Workloads;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every policy in whole machines that evict, discard, protect and move: it may put unmaps off, and nothing is lost by it. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DeferredUnmapsTest {
    private static final int ACCESSES = 1_500;

    static Stream<String> policies() {
        Stream<String> named = FlushPolicies.registry()
                .all()
                .stream()
                .map(Registration::name)
                .filter(name -> !FlushPolicies.parse(name).duties().contains(HostDuty.TICKS));
        return Stream.concat(named, Stream.of("flush-queue:size=4", "luf:pending=3", "ring:size=2+luf", "luf+broadcast",
                "flush-queue+lazy", "pipelined:size=2,depth=2+access-tracking", "reclaim-batch:size=2+early-ack"));
    }

    /** A machine that is driven from outside cannot be run twice. */
    static Stream<String> policiesOfOpenMachines() {
        return policies().filter(name -> !(FlushPolicies.parse(name) instanceof RehearsedPolicy));
    }

    private static Report evicting(TestWorld world, String policy, ResolveBy resolveBy) {
        return world.run(spec -> spec.evictAbovePercent(40)
                .resolveBy(resolveBy)
                .flushPolicy(FlushPolicies.parse(policy)), Workloads.random().accesses(ACCESSES).writeRatio(0.4));
    }

    @ParameterizedTest
    @MethodSource("policies")
    void shouldEvictAndBringBack(String policy) {
        Report report = evicting(TestWorld.VIRTUAL, policy, ResolveBy.COPY);

        TestWorld.assertSound(report);
        assertThat(report.pages().evicted()).isGreaterThan(200);
        assertThat(report.faults().failed()).isZero();
    }

    @ParameterizedTest
    @MethodSource("policies")
    void shouldMoveInAndOut(String policy) {
        Report report = evicting(TestWorld.VIRTUAL, policy, ResolveBy.MOVE);

        TestWorld.assertSound(report);
        assertThat(report.pages().evicted()).isGreaterThan(200);
    }

    @ParameterizedTest
    @MethodSource("policiesOfOpenMachines")
    void shouldVerifyEveryAccessThatRacesDiscardsAndProtections(String policy) {
        Report report = DiscardRaceTest.race(TestWorld.VIRTUAL,
                spec -> Memory.ANON_4K.in(spec).flushPolicy(FlushPolicies.parse(policy)), 21);

        DiscardTest.assertSound(report);
    }

    @Test
    void shouldEvictAndBringBackOnThreads() {
        for (String policy : new String[]{"flush-queue", "luf", "pipelined", "reclaim-batch"}) {
            TestWorld.assertSound(evicting(TestWorld.THREADS, policy, ResolveBy.COPY));
        }
    }

    @Test
    void shouldKeepMoreFramesInQuarantineTheLongerAPolicyPutsUnmapsOff() {
        Report strict = evicting(TestWorld.VIRTUAL, "strict", ResolveBy.COPY);
        Report queue = evicting(TestWorld.VIRTUAL, "flush-queue", ResolveBy.COPY);

        assertThat(queue.flush().quarantinePeakPages()).isGreaterThan(strict.flush().quarantinePeakPages());
        assertThat(queue.flush().batches()).as("flushes, each for more").isLessThan(strict.flush().batches());
        assertThat(queue.flush().ipisPerPage()).isLessThan(strict.flush().ipisPerPage());
    }

    /** A clean page that is read-only when it is unmapped is what luf waits for; the two flushes of a batch become one. */
    @Test
    void shouldTellPoliciesWhatWasWritableAndWhatATlbMayHold() {
        Report strict = evicting(TestWorld.VIRTUAL, "strict", ResolveBy.COPY);

        Report luf = evicting(TestWorld.VIRTUAL, "luf", ResolveBy.COPY);
        assertThat(luf.flush().quarantinePeakPages()).isGreaterThan(strict.flush().quarantinePeakPages());
        assertThat(luf.flush().ipisPerPage()).isLessThan(strict.flush().ipisPerPage());
        Report tracking = evicting(TestWorld.VIRTUAL, "access-tracking", ResolveBy.COPY);
        assertThat(tracking.flush().ipisPerPage()).isLessThan(0.7 * strict.flush().ipisPerPage());
    }

    /** A ring without time-out that never fills, and unmaps that nobody waits for, are flushed when the run ends. */
    @ParameterizedTest
    @EnumSource(TestWorld.class)
    void shouldHaveFlushedEverythingWhenTheRunEnds(TestWorld world) {
        Report report = world.run(spec -> spec.resolveBy(ResolveBy.MOVE)
                .vcpus(1)
                .inFlight(64)
                .flushPolicy(FlushPolicies.parse("ring:size=100000")), Workloads.sequential().accesses(40));

        TestWorld.assertSound(report);
        assertThat(report.flush().requests()).isPositive();
        assertThat(report.flush().batches()).as("flushes at the end").isPositive();
    }

    @Test
    void shouldTellOfWhatAPolicyForgets() {
        Report report = TestWorld.VIRTUAL.run(spec -> spec.resolveBy(ResolveBy.MOVE)
                .vcpus(1)
                .flushPolicy(new ForgetfulRing()), Workloads.sequential().accesses(40));

        assertThat(report.brokenInvariants()).isNotEmpty();
        assertThat(report.violations())
                .anySatisfy(one -> assertThat(one).contains("O7", "still to acknowledge request"));
    }

    /** Left out: what waits in the ring is flushed when the machine ends. */
    private record ForgetfulRing() implements FlushPolicy {
        private static final FlushPolicy RING = FlushPolicies.ring(100_000);

        @Override
        public String name() {
            return "forgetful";
        }

        @Override
        public FlushContract contract() {
            return RING.contract();
        }

        @Override
        public Initiator initiator(int id, FlushDomain domain, InitiatorPort port) {
            return new ForwardingInitiator(RING.initiator(id, domain, port)) {
                @Override
                public void drain() {}

                @Override
                public void reuseWanted(FlushRequest request) {}
            };
        }

        @Override
        public CpuPart cpuPart(int cpu, FlushDomain domain, CpuPort port) {
            return RING.cpuPart(cpu, domain, port);
        }
    }
}
