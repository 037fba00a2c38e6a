package io.faultline.shootdown;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;

import io.faultline.cost.CostProfile;
import io.faultline.cost.CostProfiles;
import io.faultline.flush.FlushPolicies;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The bound is one: nobody who keeps the same staleness sends fewer interrupts, and it keeps it. */
class ClairvoyantTest {
    private static final CostProfile BARE = CostProfiles.of("bare-2s16c");
    private static final int CPUS = 8;
    /** What a flush takes that is begun at the last moment, on these CPUs. */
    private static final long FLUSH_NANOS = 20_000;
    private static final long SEEDS = 3;

    static Stream<Arguments> workloads() {
        var loads = List.of(CallLoop.munmapStorm(2, 60),
                CallLoop.of(MemoryCall.MUNMAP, 1, 100).computeNanos(5_000).named("munmap-touched"),
                CallLoop.mprotectChurn(8, 20), CallLoop.movesIn(1, 200),
                CallLoop.of(MemoryCall.MOVE_IN, 4, 100).readsAmong(256).named("moves-in-touched"),
                CallLoop.movesOut(4, 60), new EveryCall(15));
        return loads.stream()
                .flatMap(load -> Stream.of(10_000L, 100_000L, 1_000_000L).map(nanos -> Arguments.of(load, nanos)));
    }

    @ParameterizedTest
    @MethodSource("workloads")
    void shouldSendNoMoreInterruptsThanAnyPolicyOfTheSameStaleness(MemoryWorkload workload, long nanos) {
        for (long seed = 1; seed <= SEEDS; seed++) {
            long bound = ipis(workload, nanos, seed, "clairvoyant:staleness=" + nanos + "ns");
            for (String policy : List.of("strict", "lazy", "access-tracking",
                    "ring:size=100000,timeout=" + nanos + "ns",
                    "ring:size=100000,timeout=" + nanos + "ns+flush-queue:size=100000,timeout=" + nanos + "ns")) {
                assertThat(bound).as("%s within %d ns, seed %d, beside %s", workload.name(), nanos, seed, policy)
                        .isLessThanOrEqualTo(ipis(workload, nanos, seed, policy));
            }
            assertThat(ipis(workload, nanos, seed, "clairvoyant:sweep=ticks,staleness=" + nanos + "ns"))
                    .as("%s swept at ticks of %d ns, seed %d", workload.name(), nanos, seed)
                    .isLessThanOrEqualTo(ipis(workload, nanos, seed, "latr:size=100000"));
        }
    }

    private static long ipis(MemoryWorkload workload, long nanos, long seed, String policy) {
        return ShootdownSpec.of(CPUS, FlushPolicies.parse(policy), BARE, workload)
                .seed(seed)
                .tickNanos(nanos)
                .run()
                .flush()
                .ipis();
    }

    @ParameterizedTest
    @MethodSource("workloads")
    void shouldKeepItsStalenessUnderTheOracleAndRepeatItself(MemoryWorkload workload, long nanos) {
        for (String ahead : List.of("yes", "no")) {
            var policy = FlushPolicies.parse("clairvoyant:staleness=" + nanos + "ns,ahead=" + ahead);
            var result = Twice.run(ShootdownSpec.of(CPUS, policy, BARE, workload).oracle(true));

            assertThat(result.flush().policy()).isEqualTo("clairvoyant");
            assertThat(result.flush().stalenessNanos().max()).as(workload.name()).isLessThan(nanos + FLUSH_NANOS);
        }
    }

    @Test
    void shouldFlushAtOnceWithoutStaleness() {
        var loop = CallLoop.of(MemoryCall.MUNMAP, 1, 50).computeNanos(5_000);
        var strict = ShootdownSpec.of(CPUS, FlushPolicies.strict(), BARE, loop).run();
        var none = Twice.run(strictly(loop, "clairvoyant:staleness=0ns"));

        assertThat(none.flush().ipis()).as("all hold the pages").isEqualTo(strict.flush().ipis());
        assertThat(none.callNanos().p50()).isEqualTo(strict.callNanos().p50());
        assertThat(none.flush().stalenessNanos().max()).isEqualTo(strict.flush().stalenessNanos().max());
        var own = strictly(loop.onlyOwn(), "clairvoyant:staleness=0ns").run();
        assertThat(own.flush().ipis()).as("nobody else holds them").isZero();
    }

    private static ShootdownSpec strictly(CallLoop loop, String policy) {
        return ShootdownSpec.of(CPUS, FlushPolicies.parse(policy), BARE, loop).oracle(true);
    }

    /** What only the second run can know: whoever is in the kernel anyway drops what will change. */
    @Test
    void shouldNeedFewerInterruptsForKnowingWhatWillChange() {
        var churn = CallLoop.mprotectChurn(8, 30);
        long knowing = strictly(churn, "clairvoyant").run().flush().ipis();
        long unknowing = strictly(churn, "clairvoyant:ahead=no").run().flush().ipis();

        assertThat(knowing).isPositive().isLessThan(unknowing / 2);
    }

    /** A synchronous change cannot be told from a strict one by its requester. */
    @Test
    void shouldStaySynchronousWhereOthersAre() {
        var out = CallLoop.movesOut(4, 40);
        var strict = ShootdownSpec.of(CPUS, FlushPolicies.strict(), BARE, out).run();
        var bound = strictly(out, "clairvoyant:staleness=1ms").run();

        assertThat(bound.flush().stalenessNanos().max()).isLessThanOrEqualTo(strict.flush().stalenessNanos().max());
        assertThat(bound.flush().initiatorStallNanos().p50()).isGreaterThan(1_000);
    }
}
