package io.faultline.wholemachine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.faultline.flush.FlushPolicies;
import io.faultline.flush.HostDuty;
import io.faultline.machine.Report;
import io.faultline.machine.ResolveBy;
import io.faultline.registry.Registration;
import io.faultline.wholemachine.DiscardTest.Memory;
import io.faultline.workload.Workloads;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
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
    @MethodSource("policies")
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
}
