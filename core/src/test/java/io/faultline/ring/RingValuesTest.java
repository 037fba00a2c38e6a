package io.faultline.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;

import io.faultline.memory.PageSize;
import io.faultline.registry.InvalidInputException;
import io.faultline.userfault.FaultKind;
import io.faultline.userfault.UserfaultEvents;
import org.junit.jupiter.api.Test;

/** The small ones: names of pages, who was woken, the policies that come along, and the counters. */
class RingValuesTest {
    @Test
    void shouldNameAPageThreeWays() {
        MemslotPages slot = new MemslotPages(2, 10, 4, 1L << 40, PageSize.SIZE_2M);
        long hva = (1L << 40) + 3 * (2L << 20);

        assertThat(slot.pageAt(3)).isEqualTo(13);
        assertThat(slot.indexOf(13)).isEqualTo(3);
        assertThat(slot.hvaOf(3)).isEqualTo(slot.hvaOfPage(13)).isEqualTo(hva);
        assertThat(slot.indexOfHva(hva)).isEqualTo(slot.indexOfHva(hva + (2 << 20) - 1)).isEqualTo(3);
        assertThat(slot.gpaOfPage(13)).isEqualTo(13L << 21);
        assertThat(slot.gpaStart()).isEqualTo(10L << 21);
        assertThat(slot.bytes()).isEqualTo(8 << 20);
        assertThat(slot.hvaEnd()).isEqualTo((1L << 40) + (8 << 20));
        assertThat(slot.newBatch(1).memslot()).isEqualTo(2);
    }

    @Test
    void shouldNameTheLastPageOfTheLargestMemslot() {
        MemslotPages slot = new MemslotPages(0, 0, Integer.MAX_VALUE, 1L << 40, PageSize.SIZE_4K);

        assertThat(slot.hvaOf(Integer.MAX_VALUE - 1)).isEqualTo(slot.hvaEnd() - 4096);
        assertThat(slot.indexOfHva(slot.hvaEnd() - 1)).isEqualTo(Integer.MAX_VALUE - 1);
    }

    @Test
    void shouldRefusePagesOutsideTheMemslot() {
        MemslotPages slot = new MemslotPages(2, 10, 4, 1L << 40, PageSize.SIZE_4K);

        assertThatThrownBy(() -> slot.indexOf(14)).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> slot.indexOf(9)).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> slot.indexOfHva(slot.hvaEnd())).isInstanceOf(AssertionError.class);
    }

    @Test
    void shouldCollectTheWokenAndTheReleasedInOrderUntilCleared() {
        WokenWaiters woken = new WokenWaiters();
        IntStream.range(0, 100).forEach(waiter -> woken.woken(waiter, 0, false, 0));
        IntStream.range(0, 10).forEach(caller -> woken.released(caller, UserfaultEvents.REMOVE, 0, 0));

        assertThat(IntStream.range(0, woken.count()).map(woken::waiter).boxed().toList())
                .isEqualTo(IntStream.range(0, 100).boxed().toList());
        woken.clearWaiters();
        assertThat(woken.count()).isZero();
        assertThat(IntStream.range(0, woken.callerCount()).map(woken::caller).boxed().toList())
                .isEqualTo(IntStream.range(0, 10).boxed().toList());
        woken.clearCallers();
        assertThat(woken.callerCount()).isZero();
    }

    private static Resolution decide(ResolutionPolicy policy, FaultKind kind, boolean removed) {
        return policy.decide(kind, 3, false, removed);
    }

    @Test
    void shouldFetchWhatIsMissingUnlessItWasRemoved() {
        ResolutionPolicy policy = ResolutionPolicies.fetchAndCopy();

        assertThat(decide(policy, FaultKind.MISSING, false)).isEqualTo(Resolution.COPY);
        assertThat(decide(policy, FaultKind.MISSING, true)).isEqualTo(Resolution.ZEROPAGE);
        assertThat(decide(policy, FaultKind.MINOR, false)).isEqualTo(Resolution.CONTINUE);
        assertThat(decide(policy, FaultKind.WRITE_PROTECT, false)).isEqualTo(Resolution.UNPROTECT);
        assertThat(policy.prefetchPages()).isZero();
    }

    @Test
    void shouldZeroFillWithoutAnySourceAndPrefetchWhatItSays() {
        assertThat(decide(ResolutionPolicies.zeroFill(), FaultKind.MISSING, false)).isEqualTo(Resolution.ZEROPAGE);
        assertThat(ResolutionPolicies.prefetch(7).prefetchPages()).isEqualTo(7);
        assertThat(decide(ResolutionPolicies.prefetch(7), FaultKind.MISSING, false)).isEqualTo(Resolution.COPY);
        assertThatThrownBy(() -> ResolutionPolicies.prefetch(-1)).isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("-1");
    }

    @Test
    void shouldFetchOnlyWhatIsCopiedOrMoved() {
        for (Resolution resolution : Resolution.values()) {
            assertThat(resolution.needsFetch())
                    .as("%s", resolution)
                    .isEqualTo(resolution == Resolution.COPY || resolution == Resolution.MOVE);
        }
    }

    @Test
    void shouldKeepThePeaksOfWhatGoesUpAndDown() {
        FaultCounters counters = new FaultCounters();
        counters.outstanding(5);
        counters.outstanding(-4);
        counters.outstanding(2);
        counters.inFlight(9);
        counters.inFlight(-9);

        assertThat(counters.outstanding()).isEqualTo(3);
        assertThat(counters.outstandingPeak()).isEqualTo(5);
        assertThat(counters.inFlight()).isZero();
        assertThat(counters.inFlightPeak()).isEqualTo(9);
        assertThatThrownBy(() -> counters.inFlight(-1)).isInstanceOf(AssertionError.class);
    }

    @Test
    void shouldAddUpTheSharesOfTheMemslots() {
        FaultCounters counters = new FaultCounters();
        OutstandingShare first = new OutstandingShare(counters);
        OutstandingShare second = new OutstandingShare(counters);
        first.report(4);
        second.report(3);
        first.report(1);
        first.report(1);

        assertThat(counters.outstanding()).isEqualTo(4);
        assertThat(counters.outstandingPeak()).isEqualTo(7);
    }
}
