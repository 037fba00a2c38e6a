package io.faultline.shootdown;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import io.faultline.cost.Cost;
import io.faultline.cost.CostProfile;
import io.faultline.cost.CostProfiles;
import io.faultline.cost.Operation;
import io.faultline.flush.FlushPolicies;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.assertj.core.data.Offset;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** LATR's munmap, and will-it-scale's tlb_flush2_threads. */
class UnmapCostTest {
    private static final int CALLS = 20;
    /** Between two calls of the micro-benchmark all threads touch the next page. */
    private static final long BETWEEN_NANOS = 50_000;

    private static ShootdownResult munmap(String policy, String profile, int cpus) {
        var loop = CallLoop.of(MemoryCall.MUNMAP, 1, CALLS).computeNanos(BETWEEN_NANOS);
        return Twice.run(ShootdownSpec.of(cpus, FlushPolicies.parse(policy), CostProfiles.of(profile), loop)
                .oracle(cpus <= 16));
    }

    /**
     * Regression only: the totals are inputs. ipi-target of these profiles was chosen such that a whole shootdown takes what
     * was published, so that nothing is shown by meeting it but that the model adds its costs up.
     */
    @ParameterizedTest
    @CsvSource({"bare-2s16c, 16, 6000", "bare-8s120c, 120, 80000"})
    void shouldAddUpToThePublishedShootdownsThatAreInputs(String profile, int cpus, double published) {
        ShootdownResult result = munmap("concurrent", profile, cpus);

        assertThat((double) result.flush().initiatorStallNanos().p50())
                .isCloseTo(published, Percentage.withPercentage(2));
    }

    /** A ninth CPU is the first on the other socket: it costs what the eighth did and the way there. */
    @Test
    void shouldTakeLongerToInterruptTheOtherSocket() {
        CostProfile sockets = CostProfiles.of("bare-2s16c");

        double seven = munmap("concurrent", "bare-2s16c", 7).callNanosMean();
        double eight = munmap("concurrent", "bare-2s16c", 8).callNanosMean();
        double nine = munmap("concurrent", "bare-2s16c", 9).callNanosMean();

        assertThat(eight - seven).isCloseTo((double) sockets.nanos(Operation.IPI_TARGET), Offset.offset(1.0));
        assertThat(nine - eight - (eight - seven)).isCloseTo((double) sockets.nanos(Operation.IPI_FAR),
                Offset.offset(1.0));
        assertThat(sockets.nanos(Operation.IPI_FAR)).isPositive();
    }

    /** −70.8 % were published for the machine with two sockets, where munmap's own cost is not an input. */
    @Test
    void shouldGainWithLatrWhatWasPublishedAndMoreWithEveryCore() {
        List<Double> gains = Stream.of(2, 4, 8, 16)
                .map(cpus -> 1 - munmap("latr", "bare-2s16c", cpus).callNanosMean()
                        / munmap("strict", "bare-2s16c", cpus).callNanosMean())
                .toList();

        assertThat(gains).isSorted()
                .first()
                .asInstanceOf(InstanceOfAssertFactories.DOUBLE)
                .isGreaterThan(0.5);
        assertThat(gains.getLast()).isBetween(0.66, 0.76);
    }

    @Test
    void shouldHardlyInterruptAnybodyWithLatrAndBeStaleForATickInstead() {
        ShootdownResult latr = munmap("latr", "bare-2s16c", 16);
        ShootdownResult strict = munmap("strict", "bare-2s16c", 16);

        assertThat(latr.flush().ipis()).as("what was logged last is flushed at the end").isEqualTo(15);
        assertThat(latr.flush().stalenessNanos().p50()).isGreaterThan(500_000);
        assertThat(strict.flush().ipis()).isEqualTo(15L * CALLS);
        assertThat(strict.flush().stalenessNanos().max()).isLessThan(10_000);
        assertThat(latr.stolenNanos()).isLessThan(strict.stolenNanos() / 4);
    }

    /** More than 64 in a tick find the log full and are flushed by interrupts. */
    @Test
    void shouldFallBackToInterruptsWhenTheLogIsFull() {
        var storm = CallLoop.of(MemoryCall.MUNMAP, 1, 400);
        var result = Twice.run(ShootdownSpec.of(4, FlushPolicies.parse("latr"), CostProfiles.of("bare-2s16c"), storm)
                .oracle(true));

        assertThat(result.overflows()).isPositive();
        assertThat(result.flush().ipis()).isPositive();
    }

    private static double loops(String policy, boolean lruLocked, CostProfile costs) {
        return Twice.run(ShootdownSpec.of(36, FlushPolicies.parse(policy), costs, CallLoop.discardLoop(30, lruLocked)))
                .callsPerSecond();
    }

    @Test
    void shouldGainNothingByBroadcastWhileTheLruLockIsTheBottleneck() {
        CostProfile host = CostProfiles.of("bare-256c");
        double interrupts = loops("concurrent", true, host);
        double broadcast = loops("broadcast", true, host);
        double both = loops("broadcast", false, host);

        assertThat(broadcast / interrupts).as("broadcast alone").isBetween(0.97, 1.06);
        assertThat(both / interrupts).as("broadcast without the lock").isBetween(1.8, 3.);
        assertThat(both / loops("concurrent", false, host)).as("broadcast, both without the lock").isGreaterThan(1.2);
    }

    /** Not typed in: with an LRU lock that costs nothing, broadcast gains at once. */
    @Test
    void shouldGainByBroadcastAtOnceWhereTheLockIsFree() {
        Cost nothing = new Cost(0, 0, "the test", Set.of());
        CostProfile host = CostProfiles.of("bare-256c")
                .with(Operation.LRU_LOCK, nothing)
                .with(Operation.LOCK_HANDOFF,
                        nothing);

        assertThat(loops("broadcast", true, host)).isGreaterThan(1.2 * loops("concurrent", true, host));
    }
}
