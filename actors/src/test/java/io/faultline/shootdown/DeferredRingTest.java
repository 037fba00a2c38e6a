package io.faultline.shootdown;

import static org.assertj.core.api.Assertions.assertThat;

import io.faultline.cost.CostProfile;
import io.faultline.cost.CostProfiles;
import io.faultline.flush.ConcurrentPolicy;
import io.faultline.flush.RingPolicy;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The ring of single-page MOVEs that no kernel has, on the machine whose costs were measured. */
class DeferredRingTest {
    private static final CostProfile GUEST = CostProfiles.of("guest-zen4-2vcpu");
    private static final ConcurrentPolicy LINUX = new ConcurrentPolicy(33);
    private static final int MOVES = 512;

    private static ShootdownResult ring(int size) {
        return Twice.run(ShootdownSpec.of(2, new RingPolicy(size, RingPolicy.UNTIL_FULL, LINUX), GUEST,
                CallLoop.of(MemoryCall.MOVE_IN, 1, MOVES)).oracle(true));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 16, 64})
    void shouldCostWhatTheFormulaOfTheReferencePredicts(int size) {
        ShootdownResult result = ring(size);

        assertThat(result.callNanosMean() / 1e3).isCloseTo(1.02 + 8.5 / size, Percentage.withPercentage(15));
        assertThat(result.flush().ipis()).isEqualTo(MOVES / size);
        // The ring, and one that finds it full.
        assertThat(result.flush().quarantinePeakPages()).isBetween((long) size, size + 1L);
    }

    @Test
    void shouldBeatCopyFromAboutTenOn() {
        double copyNanos = Twice.run(ShootdownSpec.of(2, LINUX, GUEST, CallLoop.of(MemoryCall.COPY, 1, MOVES)))
                .callNanosMean();

        assertThat(ring(7).callNanosMean()).isGreaterThan(copyNanos);
        assertThat(ring(11).callNanosMean()).isLessThan(copyNanos);
    }

    /** Moved out of the application's range, pages are saved next: the ring must not defer that. */
    @Test
    void shouldNotDeferMovesOutOfTheApplicationsRange() {
        var out = CallLoop.movesOut(1, 64);
        var ring = ShootdownSpec.of(2, new RingPolicy(16, RingPolicy.UNTIL_FULL, LINUX), GUEST, out).oracle(true);

        assertThat(Twice.run(ring).flush().ipis()).isEqualTo(64);
    }
}
