package io.faultline.shootdown;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;

import io.faultline.cost.CostProfile;
import io.faultline.cost.CostProfiles;
import io.faultline.flush.FlushPolicies;
import io.faultline.registry.Registration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every policy with every call, with the oracle on, CPUs that tick, sleep and are preempted. */
class ShootdownSafetyTest {
    private static final CostProfile BARE = CostProfiles.of("bare-2s16c");
    private static final long TURN_NANOS = 200_000;

    static Stream<String> policies() {
        return Stream.concat(FlushPolicies.registry().all().stream().map(Registration::name),
                Stream.of("ring:size=16+paravirt+lazy", "per-call+concurrent", "luf+paravirt"));
    }

    @ParameterizedTest
    @MethodSource("policies")
    void shouldHoldEveryInvariantWithEveryCall(String policy) {
        var spec = ShootdownSpec.of(7, FlushPolicies.parse(policy), BARE, new EveryCall(25))
                .tickNanos(100_000)
                .oracle(true);

        assertThat(Twice.run(spec).calls()).isEqualTo(6 * 25);
        Twice.run(spec.seed(2).overcommit(2, TURN_NANOS));
    }

    @Test
    void shouldDependOnTheSeed() {
        var spec = ShootdownSpec.of(8, FlushPolicies.strict(), BARE, CallLoop.munmapStorm(1, 50));

        assertThat(spec.seed(2).run().traceHash()).isNotEqualTo(spec.run().traceHash());
    }

    /** A policy that forgets to wait is seen at once; so the oracle is really wired to TLBs, frames and ranges. */
    @Test
    void shouldCatchAPolicyThatFlushesOnlyItsOwnCpu() {
        var loop = CallLoop.of(MemoryCall.MUNMAP, 1, 20);
        var result = ShootdownSpec.of(3, new OwnCpuOnly(), BARE, loop).oracle(true).run();

        assertThat(result.violations()).isNotEmpty();
        assertThat(result.flush().violations()).isGreaterThanOrEqualTo(result.violations().size());
    }

    /** A preempted vCPU cannot be interrupted until its turn comes; paravirt need not wait for it. */
    @Test
    void shouldWaitForPreemptedVcpusUnlessParavirtual() {
        var loop = CallLoop.of(MemoryCall.MUNMAP, 1, 40).onlyOwn().computeNanos(20_000);
        var spec = ShootdownSpec.of(8, FlushPolicies.strict(), BARE, loop).overcommit(2, 1_000_000);
        var paravirt = ShootdownSpec.of(8, FlushPolicies.parse("paravirt"), BARE, loop).overcommit(2, 1_000_000);

        assertThat(Twice.run(spec).callNanos().p50()).isGreaterThan(100_000);
        assertThat(Twice.run(paravirt).callNanos().p50()).isLessThan(20_000);
    }

    @Test
    void shouldRefuseWhatMakesNoSense() {
        assertThatThrownBy(() -> ShootdownSpec.of(0, FlushPolicies.strict(), BARE, CallLoop.movesIn(1, 1)))
                .hasMessageContaining("0 CPUs");
        assertThatThrownBy(() -> CallLoop.movesIn(0, 1)).hasMessageContaining("of 0 pages");
        assertThatThrownBy(() -> CallLoop.movesIn(1, 0)).hasMessageContaining("of 0 calls");
    }
}
